//! Quotes words for a POSIX shell.

use std::ffi::OsStr;

use super::placeholders;

/// A command line that a POSIX shell reads as these words. What is not Unicode is replaced.
pub(crate) fn line<W: AsRef<OsStr>>(words: impl IntoIterator<Item = W>) -> String {
    let words = words.into_iter().map(|word| quote(&word.as_ref().to_string_lossy()));
    words.collect::<Vec<_>>().join(" ")
}

/// The word itself if no shell makes anything else of it, otherwise the word in single quotes. Placeholders need none.
fn quote(word: &str) -> String {
    // zsh looks up what follows a leading `=`.
    if !word.is_empty() && !word.starts_with('=') && placeholders::text_consists_of(word, is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "%+,-./:=@_".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_quotes_has_them() {
        assert_eq!(line(["curl", "-fo", "a-b_c.gz", "--retry=3", "{url}"]), "curl -fo a-b_c.gz --retry=3 {url}");
        assert_eq!(line(["{base}/a", "%{http_code}", "{other}"]), "{base}/a '%{http_code}' '{other}'");
        assert_eq!(line(["", "a b", "$HOME", "~", "a\nb", "=ls", "é"]), "'' 'a b' '$HOME' '~' 'a\nb' '=ls' 'é'");
        assert_eq!(line(["it's", "'"]), r"'it'\''s' ''\'''");
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_the_words_again() {
        let words = ["it's", "", " ", "a\\b", "\"", "$(x)", "`x`", "*", "{a,b}", "#", "!", "\t\n", "{url}", "=", "-n"];
        let script = format!("printf '%s\\0' {}", line(words));
        let output = std::process::Command::new("/bin/sh").args(["-c", &script]).output().unwrap();
        let read: Vec<_> = output.stdout.split(|&byte| byte == 0).map(String::from_utf8_lossy).collect();
        assert_eq!(read[..words.len()], words);
    }
}
