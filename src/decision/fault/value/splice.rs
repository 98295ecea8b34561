//! A place at which another fixture begins.

use std::{fmt, str::FromStr, sync::Arc};

use super::parse_path;
use crate::units::{Offset, UnitError, quoted};

/// Another fixture's path, and from where on its bytes are sent: `/other.tar.gz@50%`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::decision) struct Splice {
    pub(in crate::decision) path: Arc<str>,
    pub(in crate::decision) at: Offset,
}

impl FromStr for Splice {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        // A path may have one of its own.
        let Some((path, at)) = text.rsplit_once('@') else {
            let message = format!("{} does not say from where on", quoted(text));
            return Err(UnitError::new(message, "a path and an offset, as in `/other.tar.gz@50%`"));
        };
        Ok(Self { path: parse_path(path)?, at: at.parse()? })
    }
}

impl fmt::Display for Splice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.path, self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_and_an_offset() {
        let splice: Splice = "/a@b.gz@end-1kB".parse().unwrap();
        assert_eq!((&*splice.path, splice.at.to_string()), ("/a@b.gz", "end-1kB".to_owned()));
        assert_eq!(splice.to_string(), "/a@b.gz@end-1kB");
        assert_eq!("/a".parse::<Splice>().unwrap_err().message(), "`/a` does not say from where on");
        assert!("a@1".parse::<Splice>().is_err());
    }
}
