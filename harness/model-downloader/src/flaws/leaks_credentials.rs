//! Sends what was given for one server to any other that this one redirects to.
//!
//! The fields are set once, and following a redirect is a loop around the same request. It has happened to curl
//! (CVE-2018-1000007, and again with another port of the same host, CVE-2022-27774), urllib3 (CVE-2018-20060), Erlang's
//! httpc (erlang/otp#11212), superagent (forwardemail/superagent#1844, for 307 and 308 alone). RFC 9110 §15.4: a client
//! should drop `Authorization` and `Cookie`, and consider what else was given to it.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "leaks-credentials",
    summary: "sends a key for one server to others",
    change: |policy| {
        policy.redirecting.guard_credentials = false;
    },
};
