//! All ways of writing a reference, and who reads each.

use super::part::Part;
use super::tail::Read;
use super::{aws, azure, doppler, etcd, files, gcp, infisical, kubernetes, onepassword, vals, vault};

/// A way of writing a reference.
pub(super) struct Form {
    /// How it begins.
    starts: &'static str,
    /// Whether the whole text is of this form; asked of what begins so.
    fits: fn(&str) -> bool,
    /// How many bytes of the start the reader does not want.
    skips: usize,
    read: fn(Part<'_>) -> Read,
}

impl Form {
    const fn scheme(starts: &'static str, read: fn(Part<'_>) -> Read) -> Self {
        Self { starts, fits: |_| true, skips: starts.len(), read }
    }

    const fn of_shape(starts: &'static str, fits: fn(&str) -> bool, skips: usize, read: fn(Part<'_>) -> Read) -> Self {
        Self { starts, fits, skips, read }
    }

    /// The form in which text is written; `None` for text that is no reference.
    pub(super) fn of(text: &str) -> Option<&'static Self> {
        // The first letters rule almost every value out.
        FORMS.iter().find(|form| text.starts_with(form.starts) && (form.fits)(text))
    }

    pub(super) fn read(&self, part: Part<'_>) -> Read {
        (self.read)(part.from(self.skips))
    }
}

const FORMS: &[Form] = &[
    Form::scheme("vault:", vault::read),
    Form::scheme("bao:", vault::read),
    Form::scheme("${vault:", vault::read_in_braces),
    Form::scheme("${bao:", vault::read_in_braces),
    Form::scheme(">>vault:", vault::read_writing),
    Form::scheme(">>bao:", vault::read_writing),
    Form::of_shape("arn:aws", aws::is_secret_arn, 0, aws::read_secret),
    Form::of_shape("arn:aws", aws::is_parameter_arn, 0, aws::read_parameter),
    Form::scheme("aws-sm:", aws::read_secret),
    Form::scheme("aws-ssm:", aws::read_parameter),
    Form::scheme("gcp-sm:", gcp::read),
    Form::scheme("gcp:secretmanager:", gcp::read),
    Form::scheme("sm://", gcp::read_berglas),
    Form::of_shape("projects/", gcp::is_resource_name, 0, gcp::read),
    Form::scheme("azure-kv:", azure::read),
    Form::scheme("azure:keyvault:", azure::read_without_vault),
    Form::of_shape("https://", azure::is_url, "https://".len(), azure::read_url),
    Form::scheme("op://", onepassword::read),
    Form::scheme("doppler:", doppler::read),
    Form::scheme("infisical:", infisical::read),
    Form::scheme("k8s:", kubernetes::read),
    Form::scheme("file:", files::read_plain),
    Form::scheme("sops:", files::read_sops),
    Form::scheme("age:", files::read_age),
    Form::scheme("etcd:", etcd::read),
    Form::scheme("ref+", vals::read),
    Form::scheme("secretref+", vals::read),
];
