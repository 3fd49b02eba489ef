//! Values that are not of their field's type, or violate what the field asks for.

use super::*;

pub(super) fn types() -> Vec<Failure> {
    vec![
        env::<settings::Token>("text that is good"),
        env::<settings::Optional>("optional number"),
        env::<settings::Number>("number"),
        env::<settings::Wide>("wide number"),
        env::<settings::Bool>("bool"),
        env::<settings::Float>("float"),
        env::<settings::Address>("URL"),
        env::<settings::Ip>("IP address"),
        env::<settings::Socket>("socket address"),
        env::<settings::Span>("duration"),
        env::<settings::Path>("path"),
        env::<settings::Bytes>("bytes"),
        env::<settings::List>("list of numbers"),
        env::<settings::ListOfSecrets>("list of secret numbers"),
        env::<settings::Map>("map of numbers"),
        failure::<settings::Map>("map with the secret as a key", |_, secret| base().vars([("TOKEN", os(&around("1=2,", secret, "=3")))])),
        failure::<settings::MapOfSecrets>("map of secret numbers", |_, secret| base().vars([("TOKEN", os(&around("a=1,b=", secret, "")))])),
        env::<settings::Marked>("type that is marked as secret, whose error quotes"),
        env::<settings::MarkedNumber>("number that is marked as secret"),
        env::<settings::MarkedText>("text that is marked as secret"),
        env::<settings::Own>("own type whose error quotes"),
        env::<settings::With>("own parser whose error quotes"),
        env::<settings::Serde>("enum of serde"),
        env::<settings::SerdeTransparent>("number of serde"),
        env::<settings::Enumeration>("enum"),
        failure::<settings::Letter>("character", |_, secret| base().vars([("TOKEN", os(&around("ab", secret, "")))])),
        failure::<settings::Size>("byte size", |_, secret| base().vars([("TOKEN", os(&around("5x", secret, "")))])),
        failure::<settings::Enumeration>("slip of a known word", |_, secret| {
            base().vars([("TOKEN", os(&around("huntr", &secret[..1], "")))])
        }),
    ]
}

pub(super) fn constraints() -> Vec<Failure> {
    vec![
        env::<settings::Long>("length, at least"),
        env::<settings::Short>("length, at most"),
        env::<settings::Exact>("length, exactly"),
        env::<settings::LongList>("length of a list"),
        env::<settings::LongBytes>("length of bytes"),
        env::<settings::Ranged>("range"),
        env::<settings::Email>("e-mail"),
        env::<settings::Web>("URL by constraint"),
        env::<settings::Matching>("regular expression"),
        env::<settings::Containing>("contains"),
        env::<settings::NotContaining>("does not contain"),
        env::<settings::NoControl>("no control character"),
        env::<settings::Custom>("own check that quotes"),
        env::<settings::CustomOfValidator>("own check with validator's error"),
        env::<settings::CustomWithMessage>("own check with a message"),
        env::<settings::Validated>("nested validation"),
        failure::<settings::Twice>("must match", |_, secret| base().vars([("TOKEN", os(secret)), ("AGAIN", "not-the-same-fake".into())])),
        failure::<settings::Twice>("must match, the other way round", |_, secret| {
            base().vars([("TOKEN", "not-the-same-fake".into()), ("AGAIN", os(secret))])
        }),
        failure::<settings::Whole>("check of the struct that quotes", |_, secret| {
            base().vars([("TOKEN", os(secret)), ("SIZE", "1".into())])
        }),
        failure::<settings::Outer>("check of the struct that quotes a nested struct", |_, secret| {
            base().vars([("INNER_TOKEN", os(secret)), ("SIZE", "1".into())])
        }),
    ]
}
