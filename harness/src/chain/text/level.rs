//! The level before a message: `error: `.

/// What is behind `error: `, `Error: `, `ERROR: ` or `fatal: ` at the start of a line; such as `error[E0308]: ` too.
pub(super) fn after_level(line: &str) -> Option<&str> {
    let level = ["error", "Error", "ERROR", "fatal error", "fatal", "Fatal", "FATAL"];
    let rest = level.iter().find_map(|level| line.strip_prefix(level))?;
    let rest = match rest.strip_prefix('[') {
        Some(code) => code.split_once(']')?.1,
        None => rest,
    };
    let message = rest.strip_prefix(':')?;
    (message.is_empty() || message.starts_with(char::is_whitespace)).then(|| message.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_ends_with_a_colon() {
        assert_eq!(after_level("error: a: b"), Some("a: b"));
        assert_eq!(after_level("error[E1]: a"), Some("a"));
        assert_eq!(after_level("Error: "), Some(""));
        assert_eq!(after_level("Error:"), Some(""));
        assert_eq!(after_level("fatal error: a"), Some("a"));
        for line in ["  error: a", "Errors: a", "error a", "Error::a", "ERROR:root:a", "Error while downloading: a", ""]
        {
            assert_eq!(after_level(line), None, "{line}");
        }
    }
}
