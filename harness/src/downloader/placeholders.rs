//! Fills `{url}` and the like.

use std::ffi::{OsStr, OsString};

use super::{Job, RunError};

/// What a command line may say in braces.
const KNOWN: [Placeholder; 6] =
    [Placeholder::Base, Placeholder::Dir, Placeholder::Home, Placeholder::Out, Placeholder::Tmp, Placeholder::Url];

/// Something that has its value only when a job is at hand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Placeholder {
    Base,
    Dir,
    Home,
    Out,
    Tmp,
    Url,
}

/// A stretch of a word.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Piece<'a> {
    Placeholder(Placeholder),
    Text(&'a str),
}

/// Fills the placeholders of a word. What is not Unicode has none.
///
/// # Errors
///
/// If the word says `{url}` and the job has no file.
pub(super) fn fill(word: &OsStr, job: &Job) -> Result<OsString, RunError> {
    let Some(text) = word.to_str() else { return Ok(word.to_owned()) };
    let mut filled = OsString::new();
    for piece in pieces(text) {
        match piece {
            Piece::Placeholder(placeholder) => filled.push(placeholder.value(job)?),
            Piece::Text(text) => filled.push(text),
        }
    }
    Ok(filled)
}

/// A text in which those placeholders are replaced that `value` knows, by their spelling.
pub(crate) fn replace(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let replaced = |piece| match piece {
        Piece::Placeholder(placeholder) => {
            value(placeholder.spelling()).unwrap_or_else(|| placeholder.spelling().to_owned())
        }
        Piece::Text(text) => text.to_owned(),
    };
    pieces(text).into_iter().map(replaced).collect()
}

/// Whether the text of a word, without its placeholders, consists of such characters.
pub(super) fn text_consists_of(word: &str, plain: impl Fn(char) -> bool) -> bool {
    pieces(word).into_iter().all(|piece| match piece {
        Piece::Placeholder(_) => true,
        Piece::Text(text) => text.chars().all(&plain),
    })
}

impl Placeholder {
    fn spelling(self) -> &'static str {
        match self {
            Self::Base => "{base}",
            Self::Dir => "{dir}",
            Self::Home => "{home}",
            Self::Out => "{out}",
            Self::Tmp => "{tmp}",
            Self::Url => "{url}",
        }
    }

    fn value(self, job: &Job) -> Result<OsString, RunError> {
        Ok(match self {
            Self::Base => job.base().into(),
            Self::Dir => job.dir().into(),
            Self::Home => job.home().into(),
            Self::Out => job.out().into(),
            Self::Tmp => job.tmp().into(),
            Self::Url if job.file().is_some() => job.url().into(),
            Self::Url => {
                return Err(RunError::Placeholder {
                    placeholder: self.spelling().to_owned(),
                    why: "the trial names no file, and the server may have many: say which with `.url(\"/PATH\")` or \
                          `.file(\"/PATH\")`, or write {base}/PATH instead"
                        .to_owned(),
                });
            }
        })
    }
}

fn pieces(word: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut text, mut at) = (0, 0);
    while let Some(brace) = word[at..].find('{').map(|offset| at + offset) {
        // `%{url}` is a variable of curl's, and `${tmp}` one of the shell's.
        let theirs = word[..brace].ends_with(['%', '$']);
        let known = KNOWN.into_iter().find(|known| word[brace..].starts_with(known.spelling()));
        match known.filter(|_| !theirs) {
            Some(placeholder) => {
                pieces.push(Piece::Text(&word[text..brace]));
                pieces.push(Piece::Placeholder(placeholder));
                at = brace + placeholder.spelling().len();
                text = at;
            }
            None => at = brace + 1,
        }
    }
    pieces.push(Piece::Text(&word[text..]));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_may_be_replaced_and_those_of_others_stay() {
        let tmp = |placeholder: &str| (placeholder == "{tmp}").then(|| "/tmp".to_owned());
        assert_eq!(replace("{tmp}/a ${tmp} %{tmp} {tmp} {url}", tmp), "/tmp/a ${tmp} %{tmp} /tmp {url}");
    }

    fn job(file: Option<&str>) -> Job {
        Job::new("http://h:1".to_owned(), file.map(str::to_owned), "/t".into())
    }

    fn filled(word: &str) -> String {
        fill(word.as_ref(), &job(Some("/a/b.gz"))).unwrap().into_string().unwrap()
    }

    #[test]
    fn each_placeholder_has_its_value() {
        assert_eq!(filled("{base}"), "http://h:1");
        assert_eq!(filled("{url}"), "http://h:1/a/b.gz");
        for (word, value) in [
            ("{dir}", job(None).dir()),
            ("{home}", job(None).home()),
            ("{out}", job(Some("/a/b.gz")).out().to_owned()),
            ("{tmp}", job(None).tmp()),
        ] {
            assert_eq!(filled(word), value.to_str().unwrap());
        }
    }

    #[test]
    fn a_word_may_have_several_and_something_around_them() {
        assert_eq!(filled("--index={base}/simple"), "--index=http://h:1/simple");
        assert_eq!(filled("{base}{base}"), "http://h:1http://h:1");
        assert_eq!(filled("é{url}é{url}"), "éhttp://h:1/a/b.gzéhttp://h:1/a/b.gz");
    }

    #[test]
    fn all_else_in_braces_stays() {
        for word in [
            "",
            "%{http_code}",
            "%{url}",
            "${tmp}",
            r#"{"url": "x"}"#,
            "{",
            "{}",
            "{{}",
            "{urls}",
            "{ url }",
            "{URL}",
            "{url",
            "url}",
            "file-{1..3}",
            "{é}",
        ] {
            assert_eq!(filled(word), word);
        }
        assert_eq!(filled("{{base}}"), "{http://h:1}");
        assert_eq!(filled("%{url} {base}"), "%{url} http://h:1");
        assert_eq!(filled("{{{base}"), "{{http://h:1");
    }

    #[test]
    fn what_was_filled_in_is_not_looked_at_again() {
        let job = Job::new("{base}{url}".to_owned(), None, "/t".into());
        assert_eq!(fill("{base}".as_ref(), &job).unwrap(), "{base}{url}");
    }

    #[test]
    fn without_a_file_there_is_no_url() {
        let error = fill("-o{url}".as_ref(), &job(None)).unwrap_err();
        assert!(matches!(&error, RunError::Placeholder { placeholder, .. } if placeholder == "{url}"));
        assert!(error.to_string().contains("{base}/PATH"), "{error}");
        assert_eq!(fill("{base}/x".as_ref(), &job(None)).unwrap(), "http://h:1/x");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_unicode_stays() {
        use std::os::unix::ffi::OsStrExt as _;

        let word = OsStr::from_bytes(b"\xff{base}");
        assert_eq!(fill(word, &job(None)).unwrap(), word);
    }
}
