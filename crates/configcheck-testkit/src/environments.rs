//! Environments made from a schema: the smallest that loads, and the one with everything set.

use configcheck_core::example::sample;
use configcheck_core::schema::Key;
use configcheck_core::{AppConfig, Environment};
use configcheck_loader::{Error, Loader};

/// Loads settings from a map and from nothing else: no process environment, no file.
///
/// # Errors
///
/// The report of everything that is wrong.
pub fn load_from<T: AppConfig>(variables: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Result<T, Error> {
    let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
    Loader::new().no_dotenv().no_standard_mounts().vars::<String, String>(variables).load()
}

/// The variables that an environment demands, each with a sample value; `given` replaces samples and supplies what cannot be made.
///
/// # Panics
///
/// When a value cannot be made and is not given, or the name is no environment of the schema.
pub fn smallest_environment<T: AppConfig>(environment: &str, given: &[(&str, &str)]) -> Vec<(String, String)> {
    let demanded = |key: &Key, environment: &Environment| {
        key.spec.is_required_in(Some(environment)) && key.group.is_none() && key.spec.default_in(Some(environment)).is_none()
    };
    make::<T>(environment, given, demanded)
}

/// Every variable of the schema with a sample value; `given` replaces samples and supplies what cannot be made. Of fields that exclude
/// each other the first is set.
///
/// # Panics
///
/// When a value cannot be made and is not given, or the name is no environment of the schema.
pub fn every_variable<T: AppConfig>(environment: &str, given: &[(&str, &str)]) -> Vec<(String, String)> {
    make::<T>(environment, given, |_, _| true)
}

/// Asserts that the smallest environment loads, and that it is the smallest: without any one of its variables it does not.
///
/// # Panics
///
/// With the report, when it does not load, or when it loads without one of its variables.
pub fn assert_smallest_environment_loads<T: AppConfig>(environment: &str, given: &[(&str, &str)]) {
    let variables = smallest_environment::<T>(environment, given);
    if let Err(error) = load_from::<T>(variables.clone()) {
        panic!("the smallest environment of {environment} does not load:\n{error}");
    }
    let extra: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
    for (name, _) in &variables {
        let without = variables.iter().filter(|(other, _)| other != name).cloned();
        let loads = load_from::<T>(without).is_ok();
        assert!(!loads || extra.contains(&name.as_str()), "{name} is not needed in {environment}, although the schema demands it");
    }
}

/// Asserts that an environment with every variable set loads.
///
/// # Panics
///
/// With the report, when it does not load.
pub fn assert_every_variable_loads<T: AppConfig>(environment: &str, given: &[(&str, &str)]) {
    if let Err(error) = load_from::<T>(every_variable::<T>(environment, given)) {
        panic!("{environment} with every variable set does not load:\n{error}");
    }
}

fn make<T: AppConfig>(name: &str, given: &[(&str, &str)], wanted: impl Fn(&Key, &Environment) -> bool) -> Vec<(String, String)> {
    let schema = T::schema();
    let environment = Environment::parse(name, schema.environments()).unwrap_or_else(|| panic!("{name} is no environment of the schema"));
    let mut variables: Vec<(String, String)> = Vec::new();
    let mut excluded: Vec<usize> = Vec::new();
    let mut groups: Vec<&str> = Vec::new();
    for (index, key) in schema.keys().iter().enumerate() {
        let is_given = given.iter().any(|(name, _)| *name == key.variable);
        // One field of each group is needed also in the smallest environment.
        let opens_group = key.spec.one_of.is_some_and(|group| !groups.contains(&group));
        let closed_group = key.spec.one_of.is_some() && !opens_group;
        if is_given || excluded.contains(&index) || closed_group || !(wanted(key, &environment) || opens_group) {
            continue;
        }
        groups.extend(key.spec.one_of);
        excluded.extend(key.spec.conflicts.iter().filter_map(|field| schema.sibling_of(index, field)));
        let value = sample(key, &environment).unwrap_or_else(|| panic!("no sample can be made for {}: give it", key.variable));
        variables.push((key.variable.to_string(), value));
    }
    if schema.environment_key().is_none() && schema.needs_environment() {
        variables.push((schema.environment_variable().to_owned(), environment.name().to_owned()));
    }
    variables.extend(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    variables
}
