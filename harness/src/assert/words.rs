//! What the downloader says.

use super::{Assert, AssertionError, panicking};
use crate::chain::LinkPattern;
use crate::told::Told;

impl Assert<'_> {
    panicking! {
        /// Its error chain is this, link by link, the outermost first; `".."` stands for any number of links.
        ///
        /// A pattern is held against the text as it is and against the [redacted](crate::Outcome::redacted_chain) one.
        /// Text that a library does not promise is better matched by what it means.
        ///
        /// # Examples
        ///
        /// ```
        /// use flaky_harness::{Trial, function, link};
        ///
        /// let downloader = function("fails", |_job| Err::<(), _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset)));
        /// let outcome = Trial::with("ok").run(&downloader);
        /// outcome.assert().chain_matches([link::reset()]);
        /// ```
        chain_matches, try_chain_matches, links: impl IntoIterator<Item = impl Into<LinkPattern>>
    }

    /// The twin of [`chain_matches`](Self::chain_matches).
    ///
    /// # Errors
    ///
    /// If a link is not as it should be.
    pub fn try_chain_matches(
        self,
        links: impl IntoIterator<Item = impl Into<LinkPattern>>,
    ) -> Result<Self, AssertionError> {
        let links: Vec<LinkPattern> = links.into_iter().map(Into::into).collect();
        self.compare("an error chain like this", &links)
    }

    panicking! {
        /// The innermost error of its chain is this.
        root_cause, try_root_cause, link: impl Into<LinkPattern>
    }

    /// The twin of [`root_cause`](Self::root_cause).
    ///
    /// # Errors
    ///
    /// If it is another one, or if it said nothing.
    pub fn try_root_cause(self, link: impl Into<LinkPattern>) -> Result<Self, AssertionError> {
        self.compare("a root cause like this", &["..".into(), link.into()])
    }

    panicking! {
        /// What it says about its retries is what the wire saw, with or without resends. Silence is the truth if there
        /// were no retries, if it succeeded in the end, or if it was ended at the timeout.
        claims_truthfully, try_claims_truthfully
    }

    /// The twin of [`claims_truthfully`](Self::claims_truthfully).
    ///
    /// # Errors
    ///
    /// If it said another number; if it failed after retries, and said nothing of them.
    pub fn try_claims_truthfully(self) -> Result<Self, AssertionError> {
        let told = self.outcome.told();
        // Nobody has to boast of retries that helped, and who was ended could not say a word.
        let may_be_silent = self.outcome.succeeded() || self.outcome.hung();
        let holds = told.is_true() || may_be_silent && matches!(told, Told::Nothing { .. });
        let nearest = || match self.outcome.claims().total() {
            Some(claim) => vec![format!("its words: {}", claim.text())],
            None if matches!(told, Told::Nothing { .. }) => {
                vec!["if it says so in words of its own, tell them with `Trial::claim`".to_owned()]
            }
            None if told == Told::Unheard => vec!["keep more of it, with `Trial::output_limit`".to_owned()],
            None => Vec::new(),
        };
        let expected = || "the truth about retries".to_owned();
        self.check_wire(holds, expected, || format!("it {told}"), nearest)
    }

    fn compare(self, what: &str, links: &[LinkPattern]) -> Result<Self, AssertionError> {
        let chain = self.outcome.chain();
        let mismatch = chain.compare(links).or_else(|_| self.outcome.redacted_links().compare(links));
        let Err(mismatch) = mismatch else { return Ok(self) };
        let got = if chain.is_empty() { "no error chain" } else { "another one" };
        let links: String = links.iter().map(|link| format!("\n         {link}")).collect();
        self.check(false, || format!("{what}{links}"), || got.to_owned(), || vec![mismatch.to_string()])
    }
}
