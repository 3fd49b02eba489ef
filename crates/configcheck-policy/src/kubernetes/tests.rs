//! What the roles of Kubernetes say, and what a comparison finds.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use configcheck_core::SecretRef;

use super::*;

fn needs(references: &[(&str, &str)]) -> Needs {
    let mut needs = Needs::default();
    for (variable, text) in references {
        needs.add(&SecretRef::parse(text).unwrap().unwrap(), variable);
    }
    needs
}

fn options() -> Options {
    Options { service: "checkout".to_owned(), ..Options::default() }
}

#[test]
fn each_secret_by_its_name() {
    let all = needs(&[("A", "k8s:shop/checkout#a"), ("B", "k8s:shop/checkout#b"), ("C", "k8s:shop/123#c")]);
    let policy = policy(&all, &Options { service_account: Some("payer".to_owned()), ..options() }).unwrap();
    let expected = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: checkout-secrets
  namespace: shop
rules:
  - apiGroups: [\"\"]
    resources: [secrets]
    resourceNames:
      - \"123\" # C
      - checkout # A, B
    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: checkout-secrets
  namespace: shop
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: checkout-secrets
subjects:
  - kind: ServiceAccount
    name: payer
    namespace: shop
";
    assert_eq!(policy.text, expected);
}

#[test]
fn each_namespace_has_its_role_and_the_account_stays_where_it_is() {
    let all = needs(&[("A", "k8s:shop/checkout#a"), ("B", "k8s:mail/smtp#b"), ("C", "k8s:shop/own#c")]);
    let policy = policy(&all, &Options { namespace: Some("shop".to_owned()), ..options() }).unwrap();
    let documents = yaml::documents(&policy.text).unwrap();
    let kinds: Vec<(&str, &str)> =
        documents.iter().map(|one| (one["kind"].as_str().unwrap(), one["metadata"]["namespace"].as_str().unwrap())).collect();
    assert_eq!(kinds, [("Role", "mail"), ("RoleBinding", "mail"), ("Role", "shop"), ("RoleBinding", "shop")]);
    assert_eq!(documents[1]["subjects"][0]["namespace"], "shop");
    assert_eq!(documents[2]["rules"][0]["resourceNames"], serde_json::json!(["checkout", "own"]));
}

#[test]
fn what_is_no_name_is_refused_and_comments_stay_comments() {
    for reference in ["k8s:Shop/checkout#a", "k8s:shop/check*#a", "k8s:shop/a:b#a", "k8s:a/b/c/d#a", "k8s:alone#a"] {
        let Some(Ok(parsed)) = SecretRef::parse(reference) else { continue };
        let mut needs = Needs::default();
        needs.add(&parsed, "KEY");
        assert!(policy(&needs, &options()).is_err(), "{reference}");
    }
    assert!(policy(&needs(&[("A", "k8s:shop/a#a")]), &Options::default()).unwrap_err().0[0].help.contains("--service-account"));
    assert!(policy(&needs(&[("A", "k8s:shop/a#a")]), &Options { service_account: Some("a\nb".to_owned()), ..options() }).is_err());
    let written = pair("r", "n", &[("s".to_owned(), ["A\nkind: Evil\u{2028}x".to_owned()].into())].into(), "a", "n");
    let documents = yaml::documents(&written).unwrap();
    assert_eq!((documents.len(), documents[0]["kind"].as_str()), (2, Some("Role")), "{written}");
}

#[track_caller]
fn drift(in_use: &str) -> Drift {
    compare(&needs(&[("A", "k8s:shop/a#a"), ("B", "k8s:shop/b#b")]), &options(), in_use).unwrap().unwrap()
}

fn role(rules: &str) -> String {
    format!(
        "kind: Role\nmetadata: {{name: x, namespace: shop}}\nrules: {rules}\n---\nkind: RoleBinding\nmetadata: {{name: y, namespace: shop}}\nroleRef: {{kind: Role, name: x}}\nsubjects: [{{kind: ServiceAccount, name: checkout, namespace: shop}}]\n"
    )
}

#[test]
fn grouping_is_no_drift() {
    let one = role("[{apiGroups: [''], resources: [secrets], resourceNames: [b, a], verbs: [get]}]");
    assert_eq!(drift(&one), Drift::default());
    let two = "[{apiGroups: [''], resources: [secrets], resourceNames: [b], verbs: [get]}, {apiGroups: [''], resources: [secrets], resourceNames: [a], verbs: [get]}, {apiGroups: [''], resources: [configmaps], verbs: [get]}]";
    assert_eq!(drift(&role(two)), Drift::default());
}

#[test]
fn what_is_missing_and_what_is_too_much() {
    let all = drift(&role("[{apiGroups: [''], resources: [secrets], verbs: [get, list]}]"));
    assert_eq!(all.missing, [""; 0]);
    assert_eq!(
        all.extra,
        [
            "get of every Secret in the namespace shop for ServiceAccount shop/checkout",
            "list of every Secret in the namespace shop for ServiceAccount shop/checkout"
        ]
    );
    let unbound = drift(
        &role("[{apiGroups: [''], resources: [secrets], resourceNames: [a, b], verbs: [get]}]").replace("name: checkout", "name: other"),
    );
    assert_eq!((unbound.missing.len(), unbound.extra.len()), (2, 2), "{unbound:?}");
    assert_eq!(drift("").missing.len(), 2);
    let unread = compare(&needs(&[("A", "k8s:shop/a#a")]), &options(), "a: &x 1\nb: *x\n").unwrap().unwrap_err();
    assert_eq!(unread.line, 2);
}
