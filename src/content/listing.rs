//! The page that stands for a directory without an index file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bytes::Bytes;
use percent_encoding::{AsciiSet, percent_encode};

use super::path::{ENCODED, UrlPath};

/// The most names of one page. A directory with more of them has a page that says so.
const MOST: usize = 10_000;

/// What is percent-encoded in a reference to a name: as in a path, and what would make it another reference. Before a
/// colon stands a scheme (RFC 3986 §4.2); the others mean something in HTML.
const REFERENCE: &AsciiSet = &ENCODED.add(b'/').add(b':').add(b'&').add(b'\'');

/// The names in one directory: directories first, each kind sorted by its bytes, the same on every machine.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: BTreeMap<Name, Option<u64>>,
    cut: bool,
}

/// In the order in which they are listed.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Name {
    Directory(Vec<u8>),
    File(Vec<u8>),
}

impl Names {
    /// Adds a directory.
    pub(super) fn directory(&mut self, name: &[u8]) {
        self.add(Name::Directory(name.to_owned()), None);
    }

    /// Adds a file, with its length if that is known yet.
    pub(super) fn file(&mut self, name: &[u8], len: Option<u64>) {
        self.add(Name::File(name.to_owned()), len);
    }

    /// Asks for the lengths of the files in it. Those without one are gone.
    pub(super) fn measure(&mut self, len: impl Fn(&[u8]) -> Option<u64>) {
        self.names.retain(|name, known| match name {
            Name::Directory(_) => true,
            Name::File(name) => {
                *known = known.or_else(|| len(name));
                known.is_some()
            }
        });
    }

    /// Adds what another mount has in the same directory. What is there already is served first, and stays.
    pub(super) fn merge(&mut self, others: Self) {
        self.cut |= others.cut;
        for (name, len) in others.names {
            self.add(name, len);
        }
    }

    fn add(&mut self, name: Name, len: Option<u64>) {
        self.names.entry(name).or_insert(len);
        if self.names.len() > MOST {
            self.names.pop_last();
            self.cut = true;
        }
    }

    /// The page: HTML that can be read as it is.
    pub(super) fn page(&self, directory: &UrlPath) -> Bytes {
        let title = format!("Index of {}", escaped(&directory.display()));
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n<body>\n\
             <h1>{title}</h1>\n<table>\n<tr><th align=\"left\">Name</th><th align=\"right\">Bytes</th></tr>\n"
        );
        if !directory.is_root() {
            row(&mut page, b"..", "/", "");
        }
        for (name, len) in &self.names {
            match name {
                Name::Directory(name) => row(&mut page, name, "/", ""),
                Name::File(name) => row(&mut page, name, "", &len.map(|len| len.to_string()).unwrap_or_default()),
            }
        }
        page += "</table>\n";
        if self.cut {
            let _ = writeln!(page, "<p>There are more: only the first {MOST} names are listed.</p>");
        }
        page += "</body>\n</html>\n";
        page.into()
    }
}

fn row(page: &mut String, name: &[u8], slash: &str, len: &str) {
    let reference = percent_encode(name, REFERENCE);
    let text = escaped(&String::from_utf8_lossy(name));
    // Writing to a string does not fail.
    let _ = writeln!(
        page,
        "<tr><td><a href=\"{reference}{slash}\">{text}{slash}</a></td><td align=\"right\">{len}</td></tr>"
    );
}

/// As text of HTML. A control character has no place in it, and is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            char if char.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{MOST, Names, UrlPath, escaped};

    /// The rows of a page, each as reference, text and length.
    fn rows(names: &Names, directory: &str) -> Vec<String> {
        let page = names.page(&UrlPath::parse(directory).unwrap());
        let page = str::from_utf8(&page).unwrap();
        let row = |line: &str| {
            let rest = line.strip_prefix("<tr><td><a href=\"")?;
            let (reference, rest) = rest.split_once("\">")?;
            let (text, rest) = rest.split_once("</a></td><td align=\"right\">")?;
            Some(format!("{reference} {text} {}", rest.strip_suffix("</td></tr>")?))
        };
        page.lines().filter_map(row).collect()
    }

    #[test]
    fn the_page_of_a_directory() {
        let mut names = Names::default();
        names.file(b"b.gz", Some(10));
        names.file(b"a.gz", Some(0));
        names.directory(b"z");
        let page = names.page(&UrlPath::parse("/d/<e>/").unwrap());
        let expected = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
            <meta name=\"viewport\" content=\"width=device-width\">\n<title>Index of /d/&lt;e&gt;/</title>\n</head>\n\
            <body>\n<h1>Index of /d/&lt;e&gt;/</h1>\n<table>\n\
            <tr><th align=\"left\">Name</th><th align=\"right\">Bytes</th></tr>\n\
            <tr><td><a href=\"../\">../</a></td><td align=\"right\"></td></tr>\n\
            <tr><td><a href=\"z/\">z/</a></td><td align=\"right\"></td></tr>\n\
            <tr><td><a href=\"a.gz\">a.gz</a></td><td align=\"right\">0</td></tr>\n\
            <tr><td><a href=\"b.gz\">b.gz</a></td><td align=\"right\">10</td></tr>\n\
            </table>\n</body>\n</html>\n";
        assert_eq!(page, expected);
    }

    #[test]
    fn names_are_escaped_as_reference_and_as_text() {
        let mut names = Names::default();
        for name in ["<b>\"'&.gz", "javascript:alert(1)", "a b+c?d#e%2f", "\u{fc}\n", "..a"]
            .map(str::as_bytes)
            .into_iter()
            .chain([b"\xff".as_slice()])
        {
            names.file(name, Some(1));
        }
        let expected = [
            "..a ..a 1",
            "%3Cb%3E%22%27%26.gz &lt;b&gt;&quot;&#39;&amp;.gz 1",
            "a%20b+c%3Fd%23e%252f a b+c?d#e%2f 1",
            "javascript%3Aalert(1) javascript:alert(1) 1",
            "%C3%BC%0A \u{fc}\u{fffd} 1",
            "%FF \u{fffd} 1",
        ];
        assert_eq!(rows(&names, "/"), expected);
    }

    #[test]
    fn what_is_served_first_stays() {
        let mut names = Names::default();
        names.file(b"a", Some(1));
        let mut others = Names::default();
        others.file(b"a", Some(2));
        others.directory(b"a");
        names.merge(others);
        assert_eq!(rows(&names, "/"), ["a/ a/ ", "a a 1"]);
    }

    #[test]
    fn a_long_page_says_that_it_was_cut() {
        let is_cut = |names: &Names| {
            let page = names.page(&UrlPath::parse("/").unwrap());
            str::from_utf8(&page).unwrap().contains("<p>There are more: only the first 10000 names are listed.</p>\n")
        };
        let mut names = Names::default();
        for n in (1..=MOST).rev() {
            names.file(format!("{n:05}").as_bytes(), Some(0));
        }
        assert!(!is_cut(&names));
        names.file(b"00000", Some(0));
        assert!(is_cut(&names));
        let rows = rows(&names, "/");
        assert_eq!((rows.len(), rows[0].as_str(), rows[MOST - 1].as_str()), (MOST, "00000 00000 0", "09999 09999 0"));
    }

    #[test]
    fn text_without_markup_is_left_alone() {
        assert_eq!(escaped("app-1.0+build.tar.gz \u{1f600}"), "app-1.0+build.tar.gz \u{1f600}");
    }
}
