//! What goes wrong with which requests.

mod defect;
mod early;
#[cfg(feature = "schedule-file")]
mod parts;
mod play;
mod text;
mod when;
mod window;
mod words;

use std::{ops::RangeBounds, time::Duration};

#[cfg(feature = "schedule-file")]
pub(crate) use self::parts::RuleParts;
pub use self::play::Attempt;
pub(in crate::decision) use self::play::Play;
pub(crate) use self::text::CONDITIONS;
use self::{
    play::Decide,
    when::{Attempts, Per, When},
    window::Window,
};
use super::{
    entry::{Entry, is_order_dependent},
    error::ParseError,
    fault::Fault,
    matchers::{Matcher, any},
    request::Request,
    script::Script,
    target::Target,
};
use crate::units::Probability;

/// What goes wrong with which requests: matchers, conditions, and a script.
///
/// As text: `[METHOD] PATTERN [CONDITION...]: SCRIPT`. All conditions must hold. Some are about the request:
///
/// - `query=PATTERN`, `header=NAME` or `header=NAME:PATTERN`, `range=yes|no` (has it a `Range` header?), and, for what
///   does not fit at the start, `path=PATTERN` and `method=METHOD`;
/// - `connection=fresh|reused`, `resend=yes|no`, `from=DURATION` (since the server's start) and `for=DURATION` (from
///   then on): these depend on how and when requests arrive, and rules that have them are
///   [marked](Self::is_order_dependent).
///
/// Others count: `first=N`, `nth=N`, `every=N`, `attempts=A..=B` (or `A..B`, without the last), `probability=P`. They
/// count the attempts for a target that those above let through, whether or not an earlier rule decided them; the
/// script counts those that this rule decided. With `per=path` both count the attempts for a method and path, whatever
/// the query (a signed URL has another one each time), and with `per=rule` all attempts that the rule is about, as
/// somebody does who limits rates. A space within a pattern has a `\` before it.
///
/// A script that ends leaves all that comes later alone: `* first=2: status=503` happens once for each target, and
/// `* first=2: status=503 x*` twice.
///
/// A rule about everything may also be about connections: see [`Fault::reset_on_accept`].
///
/// # Examples
///
/// ```
/// use flaky_server::matchers::{method, path};
/// use flaky_server::{ByteSize, Fault, Rule};
///
/// let rule = Rule::when(path("*.whl")).script("reset-after=1MB x2, ok")?;
/// assert_eq!(rule.to_string(), "*.whl: reset-after=1MB x2, ok");
///
/// let rule = Rule::when(path("*.whl"))
///     .and(method("GET"))
///     .attempts(1..=2)
///     .fault(Fault::reset_after(ByteSize::mb(1)));
/// assert_eq!(rule, "GET *.whl attempts=1..=2: reset-after=1MB x*".parse()?);
///
/// // The first two attempts of whoever has a token and resumes; silent resends by an HTTP library do not count.
/// let rule: Rule = "* first=2 header=authorization:Bearer\\ * range=yes resend=no: status=503 x*".parse()?;
/// assert!(rule.is_order_dependent());
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a rule does nothing until it is part of a schedule"]
pub struct Rule {
    matcher: Matcher,
    when: When,
    window: Window,
    body: Body,
    /// What is wrong with the first part that cannot be right; building the schedule reports it.
    defect: Option<ParseError>,
}

#[derive(Clone, Debug)]
enum Body {
    Closure(Decide),
    Nothing,
    Script(Script),
    /// One entry for ever, of these terms.
    Terms(Vec<Fault>),
}

impl Rule {
    /// A rule about the requests that the matcher lets through. It needs a script or a fault.
    pub fn when(matcher: impl Into<Matcher>) -> Self {
        Self {
            matcher: matcher.into(),
            when: When::default(),
            window: Window::default(),
            body: Body::Nothing,
            defect: None,
        }
    }

    /// A rule about all requests.
    pub fn any() -> Self {
        Self::when(any())
    }

    /// Only requests that this matcher lets through as well.
    pub fn and(mut self, matcher: impl Into<Matcher>) -> Self {
        self.matcher = self.matcher.and(matcher);
        self
    }

    /// Only the first `n` attempts for a target.
    pub fn first(mut self, n: u64) -> Self {
        self.when.first = self.counted("first", n);
        self
    }

    /// Only the `n`th attempt for a target, counted from 1.
    pub fn nth(mut self, n: u64) -> Self {
        self.when.nth = self.counted("nth", n);
        self
    }

    /// Only every `n`th attempt for a target.
    pub fn every(mut self, n: u64) -> Self {
        self.when.every = self.counted("every", n);
        self
    }

    /// Only these attempts for a target, counted from 1: `1..=2`, `3..`.
    pub fn attempts(mut self, range: impl RangeBounds<u64>) -> Self {
        match Attempts::try_new(range) {
            Ok(attempts) => self.when.attempts = Some(attempts),
            Err(e) => self.blame("attempts", &e),
        }
        self
    }

    /// Only from so long after the server's start.
    ///
    /// The conditions that count leave out the attempts before.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use flaky_server::Rule;
    ///
    /// // Five bad seconds.
    /// let rule = Rule::any().from_time(Duration::from_secs(2)).lasting(Duration::from_secs(5)).script("status=503 x*")?;
    /// assert_eq!(rule.to_string(), "* from=2s for=5s: status=503 x*");
    /// assert!(rule.is_order_dependent());
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn from_time(mut self, start: Duration) -> Self {
        self.window.start(start);
        self
    }

    /// Only for so long: from the server's start, or from the time that [`from_time`](Self::from_time) says. In texts this is
    /// `for`. A time of 0 is an error when the schedule is built.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use flaky_server::Rule;
    ///
    /// let rule = Rule::any().lasting(Duration::from_millis(1500)).script("drop x*")?;
    /// assert_eq!(rule, "* for=1500ms: drop x*".parse()?);
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn lasting(mut self, time: Duration) -> Self {
        if let Err(e) = self.window.last(time) {
            self.blame("for", &e);
        }
        self
    }

    /// Only with this probability, drawn anew for each attempt.
    ///
    /// The draw depends on the seed, this rule's text, the target, and the number of the attempt.
    pub fn probability(mut self, probability: Probability) -> Self {
        self.when.probability = Some(probability);
        self
    }

    /// Counts the attempts for a method and path together, whatever their query is: those that the conditions count, those
    /// that the script counts, and what happens once per offset and target.
    ///
    /// For files behind URLs whose query changes from attempt to attempt, such as signed ones. Other rules, the journal and
    /// what was played count by the whole target all the same: what happened once for the path is played once for each
    /// target of it.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Request, Rule, Schedule, Target};
    /// use flaky_server::decision::{Ledger, Limits};
    ///
    /// let rule = Rule::any().per_path().script("reset-after=50%, status=403, ok")?;
    /// assert_eq!(rule.to_string(), "* per=path: reset-after=50%, status=403, ok");
    ///
    /// let mut ledger = Ledger::new(Schedule::new([rule], 0)?, Limits::default());
    /// let mut ask = |url: &str| ledger.decide(&Request::new(Target::new("GET", url))).entry().to_string();
    /// assert_eq!(ask("/a.gz?signature=1"), "reset-after=50%");
    /// assert_eq!(ask("/a.gz?signature=2"), "status=403");
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn per_path(mut self) -> Self {
        self.when.per = Some(Per::Path);
        self
    }

    /// Counts all attempts together that the rule is about: those that the conditions count, those that the script counts,
    /// and what happens once per offset.
    ///
    /// For what is about the server and not about a file: a limit on the rate of requests, a restart. It depends on the
    /// order in which requests arrive.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Rule;
    ///
    /// let rule = Rule::any().per_rule().every(4).script("status=429 retry-after=1s x*")?;
    /// assert_eq!(rule.to_string(), "* every=4 per=rule: status=429 retry-after=1s x*");
    /// assert!(rule.is_order_dependent());
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn per_rule(mut self) -> Self {
        self.when.per = Some(Per::Rule);
        self
    }

    /// What happens on the attempts that this rule decides.
    ///
    /// # Errors
    ///
    /// If the script cannot be read, or if something that was said before cannot be right.
    pub fn script(self, script: &str) -> Result<Self, ParseError> {
        self.plays(script.parse()?)
    }

    /// The same, with a script that has been read.
    pub(crate) fn plays(mut self, script: Script) -> Result<Self, ParseError> {
        if !matches!(self.body, Body::Nothing) {
            self.blame_body();
        }
        self.body = Body::Script(script);
        match self.check() {
            Err(defect) => Err(defect),
            Ok(_) => Ok(self),
        }
    }

    /// What happens on the attempts that this rule decides: whatever the closure says. `None`, like
    /// [`Entry::ok()`], lets all be well; no later rule is asked then.
    ///
    /// The closure runs while the server decides, and everything else that is to be decided waits for it: it must be
    /// quick. It may use its server (have a `Weak` of it: a server in its own rule is never dropped), but for the
    /// schedule: asking for it, for what was played, and changing it panic here. Dropping a
    /// [`RuleGuard`](crate::RuleGuard) does not; that rule is gone once the decision has been made.
    ///
    /// If it panics, the attempt gets a reply with status 500 in the place of an entry, and the exchange's
    /// [note](crate::Exchange::note) says why; nothing else suffers. All this holds for closures that match, too.
    ///
    /// What was played can be played again, whatever the closure went by. The rule itself cannot be written down: its
    /// text is `<closure>`, which cannot be read back.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Entry, FlakyServer, Rule, matchers::path};
    ///
    /// let halfway: Entry = "reset-after=50%".parse()?;
    /// // Whoever resumes is left alone.
    /// let rule = Rule::when(path("*.gz")).decide(move |attempt| {
    ///     (attempt.count() <= 2 && !attempt.request().is_range()).then(|| halfway.clone())
    /// });
    /// assert_eq!(rule.to_string(), "*.gz: <closure>");
    ///
    /// let server = FlakyServer::builder().serve_bytes("/app.gz", "1234").rule(rule).start()?;
    /// # assert!(server.schedule().rules().all(Rule::has_closure));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide<R: Into<Option<Entry>>>(
        mut self,
        decide: impl Fn(&Attempt<'_>) -> R + Send + Sync + 'static,
    ) -> Self {
        if !matches!(self.body, Body::Nothing) {
            self.blame_body();
        }
        self.body = Body::Closure(Decide::new(decide));
        self
    }

    /// What happens on every attempt that this rule decides. Several faults happen together; whether they can is
    /// checked when the schedule is built.
    pub fn fault(mut self, fault: Fault) -> Self {
        match &mut self.body {
            Body::Nothing => self.body = Body::Terms(vec![fault]),
            Body::Terms(terms) => terms.push(fault),
            Body::Closure(_) | Body::Script(_) => self.blame_body(),
        }
        self
    }

    /// Shapes the fault beside it; the same as [`fault`](Self::fault), and reads better for a modifier.
    pub fn modifier(self, modifier: Fault) -> Self {
        self.fault(modifier)
    }

    /// Whether what it does depends on more than the seed, the target, the request itself, and the rule's own count for
    /// that target: it counts all attempts together, it has a time window, a condition on connections or resends, a term that is about connections, or one
    /// that fires once per offset and target, and so depends on what earlier attempts did.
    ///
    /// All others do the same in every run. What a closure goes by is not known, and not told here.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Rule;
    ///
    /// assert!("* connection=reused: drop x*".parse::<Rule>()?.is_order_dependent());
    /// assert!("*: reset-at=1MB x*".parse::<Rule>()?.is_order_dependent());
    /// assert!("*: reset-on-accept x2".parse::<Rule>()?.is_order_dependent());
    /// assert!(!"* range=yes first=2: drop x*".parse::<Rule>()?.is_order_dependent());
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn is_order_dependent(&self) -> bool {
        !self.order_dependent_parts().is_empty()
    }

    /// The names of the conditions and terms that make it order-dependent, each once.
    pub(crate) fn order_dependent_parts(&self) -> Vec<&'static str> {
        let per = (self.when.per == Some(Per::Rule)).then_some("per");
        let mut parts: Vec<_> =
            per.into_iter().chain(self.window.names()).chain(self.matcher.facts.recorded()).collect();
        let mut add = |term: &Fault| {
            let name = term.spec().name();
            if is_order_dependent(term.spec()) && !parts.contains(&name) {
                parts.push(name);
            }
        };
        match &self.body {
            Body::Closure(_) | Body::Nothing => {}
            Body::Script(script) => script.entries().flat_map(|(entry, _)| entry.terms()).for_each(&mut add),
            Body::Terms(terms) => terms.iter().for_each(&mut add),
        }
        parts
    }

    /// Whether a closure is among its matchers, or in the place of its script. It displays as `<closure>`, and such a
    /// text cannot be read back.
    pub fn has_closure(&self) -> bool {
        matches!(self.body, Body::Closure(_)) || self.has_closure_matcher()
    }

    /// Whether a closure is among its matchers.
    pub(super) fn has_closure_matcher(&self) -> bool {
        !self.matcher.closures.is_empty()
    }

    /// Whether this request is one that the rule is about, as far as its text goes.
    pub(super) fn matches_but_for_closures(&self, request: &Request) -> bool {
        // The window is the last: most rules are told by their method or path.
        self.matcher.matches_but_for_closures(request) && self.window.contains(request.elapsed())
    }

    /// Whether the closures among its matchers let this request through.
    pub(super) fn closures_match(&self, request: &Request) -> bool {
        self.matcher.closures_match(request)
    }

    /// Whether the rule decides on the `seen`th attempt for a target.
    pub(super) fn decides(&self, seen: u64, draw: impl FnOnce() -> u64) -> bool {
        self.when.holds(seen, draw)
    }

    /// What it counts an attempt for this target with, unless it counts each target by itself.
    pub(super) fn group(&self, target: &Target) -> Option<Target> {
        self.when.per.map(|per| per.group(target))
    }

    /// Whether it decides on all that comes to it.
    pub(super) fn decides_all(&self) -> bool {
        self.matcher.is_any() && self.when.is_always() && self.window == Window::default()
    }

    /// Whether the rule holds so long after the server's start.
    pub(super) fn holds_at(&self, elapsed: Duration) -> bool {
        self.window.contains(elapsed)
    }
}

impl PartialEq for Rule {
    /// Whether they match and play the same. One fault and a script of it with `x*` are the same.
    fn eq(&self, other: &Self) -> bool {
        self.matcher == other.matcher
            && self.when == other.when
            && self.window == other.window
            && self.defect == other.defect
            && self.check() == other.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_that_were_recorded_and_terms_that_fire_once_depend_on_the_order() {
        let parts = |text: &str| text.parse::<Rule>().unwrap().order_dependent_parts();
        assert_eq!(parts("* from=1s for=1s connection=fresh resend=no: ok"), ["from", "for", "connection", "resend"]);
        assert_eq!(parts("* per=rule: ok"), ["per"]);
        assert_eq!(parts("* per=path: ok"), [""; 0]);
        assert_eq!(parts("*: reset-at=1 x2, corrupt-at=1, reset-at=2"), ["reset-at", "corrupt-at"]);
        assert_eq!(parts("* range=yes header=a query=b first=2 probability=0.5: drop"), [""; 0]);
        assert!(Rule::any().fault(Fault::reset_at(1)).is_order_dependent());
        assert!(Rule::any().script("ok, corrupt-at=1").unwrap().is_order_dependent());
        assert!(!Rule::any().script("ok, reset-after=1").unwrap().is_order_dependent());
    }
}
