//! A table of the documentation, which is that of a test.

/// A cell. A bar is its end; line breaks of the source are none of the reader's.
pub(crate) fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// Holds the file against the table; with `FLAKY_UPDATE=1` it is written instead.
#[track_caller]
pub(crate) fn check_table(file: &str, table: &str) {
    if std::env::var_os("FLAKY_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(file, table).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), table, "run this test with FLAKY_UPDATE=1");
}
