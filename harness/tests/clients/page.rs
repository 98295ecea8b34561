//! The page of the documentation that has what these tests assert.

use std::fmt::Write as _;

use crate::behaviour::{Behaviour, Cause};
use crate::suite::{Named, asked_for, named, suite};
use crate::{aria2c, cargo, curl, node, pip, urllib, uv, wget, workspace};

const FILE: &str = "harness/src/docs/clients.md";

pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
    let tests: Vec<Named> = named![it_has_what_the_tests_assert];
    suite("page", None, tests)
}

/// In the order of the page.
fn behaviours() -> impl Iterator<Item = &'static Behaviour> {
    let all: [&'static [Behaviour]; 8] = [
        wget::BEHAVIOURS,
        curl::BEHAVIOURS,
        aria2c::BEHAVIOURS,
        pip::BEHAVIOURS,
        uv::BEHAVIOURS,
        cargo::BEHAVIOURS,
        urllib::BEHAVIOURS,
        node::BEHAVIOURS,
    ];
    all.into_iter().flatten()
}

/// With `FLAKY_UPDATE=1` it writes the tables instead.
fn it_has_what_the_tests_assert() {
    let file = workspace(FILE);
    let mut page = std::fs::read_to_string(&file).unwrap();
    for (name, table) in [("commands", commands()), ("rows", rows())] {
        page = replaced(&page, name, &table).unwrap_or_else(|| panic!("{FILE} has no place for the table of {name}"));
    }
    if asked_for("FLAKY_UPDATE") {
        std::fs::write(&file, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), page, "run this test with FLAKY_UPDATE=1");
}

/// The page with another table between the marks for it.
fn replaced(page: &str, name: &str, table: &str) -> Option<String> {
    let (before, rest) = page.split_once(&format!("<!-- {name} -->\n"))?;
    let (_, behind) = rest.split_once(&format!("<!-- end of {name} -->\n"))?;
    Some(format!("{before}<!-- {name} -->\n\n{table}\n<!-- end of {name} -->\n{behind}"))
}

fn commands() -> String {
    let mut table = "| client | versions | measured with | command | retries |\n|---|---|---|---|---|\n".to_owned();
    for Behaviour { client, versions, command, budget, .. } in behaviours() {
        let measured = versions.measured();
        let budget = if *budget == 0 { "none".to_owned() } else { budget.to_string() };
        writeln!(table, "| {client} | {versions} | {measured} | `{command}` | {budget} |").unwrap();
    }
    table
}

fn rows() -> String {
    let mut table =
        "| client | versions | script | attempts | asks for | outcome | exit status | leaves | root cause | \
                     says of its retries |\n|---|---|---|---|---|---|---|---|---|---|\n"
            .to_owned();
    for Behaviour { client, versions, rows, .. } in behaviours() {
        for row in rows {
            let cause = match row.cause {
                Cause::None => String::new(),
                Cause::Reset(says) | Cause::Other(says) => format!("`{says}`"),
            };
            let (script, attempts, asks) = (row.script, row.asks.len(), row.asks.join("; "));
            let (effort, exit, leaves, told) = (row.effort(), row.exit, &row.leaves, row.told());
            writeln!(
                table,
                "| {client} | {versions} | `{script}` | {attempts} | {asks} | {effort} | {exit} | {leaves} | {cause} | \
                 {told} |"
            )
            .unwrap();
        }
    }
    table
}
