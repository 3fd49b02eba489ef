//! Decorators in comments: `# @required @type=url`, several on a line, a bracket over several lines.

use super::value::{Argument, Broken, Cursor, Value};

/// A decorator.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decorator {
    /// Its name, without the `@`; of one that is not well formed, what stands there.
    pub(super) name: String,
    pub(super) value: DecoratorValue,
}

/// What a decorator says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum DecoratorValue {
    /// The name alone, which means true.
    Alone,
    /// `@name=value`
    Is(Value),
    /// `@name(…)`
    Call(Vec<Argument>),
    /// The name or the value is not well formed.
    Broken,
}

impl Decorator {
    /// What a decorator of yes or no says; `None` where it says something else.
    pub(super) fn flag(&self) -> Option<bool> {
        match &self.value {
            DecoratorValue::Alone => Some(true),
            DecoratorValue::Is(value) => value.bool(),
            DecoratorValue::Call(_) | DecoratorValue::Broken => None,
        }
    }

    /// The text that it says.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            DecoratorValue::Is(value) => value.text(),
            _ => None,
        }
    }
}

/// Whether the text of a comment is a line of decorators.
pub(super) fn is_decorated(comment: &str) -> bool {
    comment.strip_prefix('@').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// The decorators of a comment. `Broken::Open` when a bracket is open at its end.
pub(super) fn read(comment: &str) -> Result<Vec<Decorator>, Broken> {
    let mut cursor = Cursor { rest: comment };
    let mut decorators = Vec::new();
    loop {
        cursor.skip(char::is_whitespace);
        if cursor.rest.is_empty() || cursor.rest.starts_with('#') {
            return Ok(decorators);
        }
        if cursor.eat('@') {
            decorators.push(decorator(&mut cursor)?);
        } else {
            // Text between decorators says nothing.
            cursor.skip(|c| !c.is_whitespace());
        }
    }
}

fn decorator(cursor: &mut Cursor<'_>) -> Result<Decorator, Broken> {
    let start = cursor.rest;
    let name = cursor.name();
    let value = if name.is_empty() {
        Err(Broken::Wrong)
    } else if cursor.eat('=') {
        cursor.value().map(DecoratorValue::Is)
    } else if cursor.eat('(') {
        cursor.arguments().map(DecoratorValue::Call)
    } else {
        Ok(DecoratorValue::Alone)
    };
    let is_end = |rest: &str| rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == '#');
    match value {
        Err(Broken::Open) => Err(Broken::Open),
        Ok(value) if is_end(cursor.rest) => Ok(Decorator { name, value }),
        _ => {
            cursor.rest = start;
            cursor.skip(|c| !c.is_whitespace());
            let written = &start[..start.len() - cursor.rest.len()];
            let written = written.split(['=', '(']).next().unwrap_or_default();
            Ok(Decorator { name: written.to_owned(), value: DecoratorValue::Broken })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The decorators as one text, in a form that tells quoted texts from words.
    fn shown(decorators: &[Decorator]) -> String {
        fn value(value: &Value) -> String {
            match value {
                Value::Word(word) => word.clone(),
                Value::Text(text) => format!("'{text}'"),
                Value::Call(name, list) => format!("{name}({})", arguments(list)),
                Value::List(list) => format!("[{}]", arguments(list)),
                Value::Object(list) => format!("{{{}}}", arguments(list)),
            }
        }
        fn arguments(list: &[Argument]) -> String {
            let one =
                |item: &Argument| format!("{}{}", item.name.as_ref().map_or(String::new(), |name| format!("{name}=")), value(&item.value));
            list.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        let one = |decorator: &Decorator| match &decorator.value {
            DecoratorValue::Alone => decorator.name.clone(),
            DecoratorValue::Is(is) => format!("{}={}", decorator.name, value(is)),
            DecoratorValue::Call(list) => format!("{}({})", decorator.name, arguments(list)),
            DecoratorValue::Broken => format!("!{}", decorator.name),
        };
        decorators.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn reads_what_env_spec_reads() {
        let check =
            |comment: &str, expected: &str| assert_eq!(read(comment).map(|found| shown(&found)), Ok(expected.to_owned()), "{comment}");
        check("@required @sensitive @type=url", "required sensitive type=url");
        check("@dec=foo#bar", "dec=foo");
        check("@dec # @ignored", "dec");
        check("@bool  @email=\"me@example.com\" \t @num=123 ", "bool email='me@example.com' num=123");
        check(r#"@dec="@#\"()""#, "dec='@#\"()'");
        check("@dec=@bar@", "dec=@bar@");
        check("@dec=qu\"ote", "dec=qu\"ote");
        check("@one extra @two extra", "one two");
        check("@type=string(startsWith=\"sk, \", minLength=5)", "type=string(startsWith='sk, ', minLength=5)");
        check("@type=enum(a, \"b c\", 3)", "type=enum(a, 'b c', 3)");
        check("@required=eq($OTHER, foo)", "required=eq($OTHER, foo)");
        check("@docs(\"A guide\", https://x.example/a?b=c) @icon=mdi:key", "docs('A guide', https://x.example/a?b=c) icon=mdi:key");
        check("@sensitive={enabled=forEnv(prod), preventLeaks=false}", "sensitive={enabled=forEnv(prod), preventLeaks=false}");
        check("@import(\n./.env,\n# OLD,\npick=[\nA, # why\n#tag,\n],\n) @required", "import(./.env, pick=[A, #tag]) required");
        check("@func()", "func()");
        for (comment, expected) in
            [("@dec=", "!dec"), ("@dec=\"foo", "!dec"), ("@todo: fix", "!todo:"), ("@bad-name", "!bad-name"), ("@a@b", "!a@b")]
        {
            check(comment, expected);
        }
        check("@dottie/validate required,ne=x", "!dottie/validate");
        for open in ["@dec=[", "@dec(a,", "@dec=fn(a"] {
            assert_eq!(read(open), Err(Broken::Open), "{open}");
        }
        let deep = format!("@dec={}{}", "[".repeat(500), "]".repeat(500));
        check(&deep, "!dec");
    }
}
