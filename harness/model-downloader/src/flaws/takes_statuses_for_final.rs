//! Takes every status for the last word, also "later perhaps".
//!
//! Retries are for connections; a reply is a reply. wget repeats no status unless `--retry-on-http-error` names it, and
//! Yarn 1 none (yarnpkg/yarn#7663). One restart of the server, or of the proxy before it, is a failed build then.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "takes-statuses-for-final",
    summary: "retries no status, not even a 503",
    change: |policy| {
        policy.retrying.transient.statuses.clear();
    },
};
