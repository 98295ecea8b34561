//! A strict parser of response heads (RFC 9112 §4, §5, §6.3).

/// How the end of a body is made known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Framing {
    Chunked,
    Close,
    Length(u64),
    /// There is no body, whatever the head says.
    None,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    pub(crate) version: String,
    pub(crate) status: u16,
    pub(crate) reason: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Head {
    #[track_caller]
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).expect("a head is ASCII");
        let fields = text.strip_suffix("\r\n\r\n").expect("a head ends with an empty line");
        let printable = |c: char| matches!(c, ' '..='~' | '\t');
        let mut lines = fields.split("\r\n").inspect(|line| {
            assert!(line.chars().all(printable), "control characters in {line:?}");
        });
        let status_line = lines.next().unwrap();
        let [version, status, reason] = *status_line.splitn(3, ' ').collect::<Vec<_>>() else {
            panic!("a status line: {status_line:?}");
        };
        assert!(matches!(version, "HTTP/1.0" | "HTTP/1.1"), "a version: {version:?}");
        assert!(status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()), "a status: {status:?}");
        let headers = lines.map(header).collect();
        Self { version: version.to_owned(), status: status.parse().unwrap(), reason: reason.to_owned(), headers }
    }

    /// The value of a header that may stand once at most.
    #[track_caller]
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
        let value = values.next();
        assert_eq!(values.next(), None, "a second {name}");
        value
    }

    #[track_caller]
    pub(crate) fn framing(&self, method: &str) -> Framing {
        let (encoding, length) = (self.get("transfer-encoding"), self.get("content-length"));
        assert!(encoding.is_none() || length.is_none(), "two framings: {self:?}");
        if method == "HEAD" || matches!(self.status, 100..=199 | 204 | 304) {
            return Framing::None;
        }
        if let Some(encoding) = encoding {
            assert_eq!((encoding, self.version.as_str()), ("chunked", "HTTP/1.1"));
            return Framing::Chunked;
        }
        length.map_or(Framing::Close, |length| Framing::Length(length.parse().expect("a length")))
    }
}

/// A header's name in lower case, and its value.
#[track_caller]
fn header(line: &str) -> (String, String) {
    let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("a header: {line:?}"));
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    assert!(!name.is_empty() && name.bytes().all(is_token), "a header's name: {line:?}");
    (name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_owned())
}
