//! The manual page and the completions.

use super::{flaky, run};

#[test]
fn the_manual_page_has_every_flag() {
    let ended = run(flaky().arg("--man"));
    ended.assert_code(0);
    assert!(ended.stdout.starts_with(".ie") || ended.stdout.contains(".TH flaky-server 1"), "{}", ended.stdout);
    for flag in ["reset\\-after", "script", "journal", "retry\\-after"] {
        assert!(ended.stdout.contains(flag), "no {flag} in {}", ended.stdout);
    }
}

#[test]
fn completions_have_every_flag() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ended = run(flaky().args(["--completions", shell]));
        ended.assert_code(0);
        assert!(ended.stdout.contains("reset-after") && ended.stdout.contains("script"), "{shell}");
    }
    run(flaky().args(["--completions", "tcsh"])).assert_code(2).assert_stderr("possible values: bash");
}
