//! The redirects of a chain, told apart by the query.

use super::target::Target;

/// The parameter of the query that says how many redirects the client has followed.
const HOP: &str = "flaky-hop";

impl Target {
    /// How many redirects of a chain the client has followed, by its query.
    pub(super) fn hop(&self) -> u32 {
        let hops = self.parameters().filter_map(|parameter| parameter.strip_prefix(HOP)?.strip_prefix('='));
        hops.filter_map(|hop| hop.parse().ok()).next_back().unwrap_or(0)
    }

    /// The same path and query behind so many redirects.
    pub(crate) fn at_hop(&self, hop: u32) -> String {
        let is_hop = |parameter: &str| parameter == HOP || parameter.starts_with("flaky-hop=");
        let mut text = self.path().to_owned();
        for parameter in self.parameters().filter(|parameter| !is_hop(parameter)) {
            text.push(if text.contains('?') { '&' } else { '?' });
            text.push_str(parameter);
        }
        text.push(if text.contains('?') { '&' } else { '?' });
        text + HOP + "=" + &hop.to_string()
    }

    fn parameters(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.query().into_iter().flat_map(|query| query.split('&'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_redirect_has_another_query() {
        for (target, hop, next) in [
            ("/a", 0, "/a?flaky-hop=1"),
            ("/a?x=1&y", 0, "/a?x=1&y&flaky-hop=1"),
            ("/a?flaky-hop=1", 1, "/a?flaky-hop=2"),
            ("/a?flaky-hop=7&x=?&flaky-hop", 7, "/a?x=?&flaky-hop=8"),
            ("/a?flaky-hop=x", 0, "/a?flaky-hop=1"),
            ("/a?flaky-hop=4294967296", 0, "/a?flaky-hop=1"),
            ("/a?flaky-hope=3", 0, "/a?flaky-hope=3&flaky-hop=1"),
        ] {
            let target = Target::new("GET", target);
            assert_eq!((target.hop(), target.at_hop(hop + 1)), (hop, next.to_owned()));
        }
    }
}
