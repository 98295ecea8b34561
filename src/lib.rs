//! A fault-injecting HTTP fileserver.
