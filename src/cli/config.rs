//! From what was typed to what a server is built from. Everything that can be wrong is found here.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};

use super::args::Args;
use super::generate::{self, Generate};
use super::{child, faults};
use crate::decision::{Matcher, Rule, Schedule};
use crate::schedule_file::{Beside, FileFixture, Source, absolute};
use crate::{Downtime, FlakyServer, FlakyServerBuilder, ScheduleFile, matchers};

/// What a run needs.
#[derive(Debug)]
pub(super) struct Config {
    /// What is served from disk, beside what the schedule says.
    root: Option<PathBuf>,
    /// Whether that was named.
    has_root: bool,
    generate: Vec<Generate>,
    templates: Vec<String>,
    pub(super) command: Vec<OsString>,
    /// What goes wrong, what is served but for the above, and the limits: what was typed, and what a file says.
    schedule: ScheduleFile,
    /// Rules that are probably not what was meant, each with what is to be said of it.
    doubts: Vec<(String, String)>,
    /// Whether a file says something.
    pub(super) has_file: bool,
    pub(super) journal: Option<PathBuf>,
    pub(super) print_schedule: Option<PathBuf>,
    pub(super) record: Option<PathBuf>,
    pub(super) check: bool,
    pub(super) quiet: bool,
    pub(super) json: bool,
    pub(super) hash: bool,
    binds: Vec<IpAddr>,
    port: u16,
}

/// The port that people expect a development server on.
const DEFAULT_PORT: u16 = 8000;

impl Config {
    pub(super) fn new(args: Args) -> anyhow::Result<Self> {
        let file = args.schedule.as_ref().map(ScheduleFile::find).transpose()?.unwrap_or_default();
        let has_file = args.schedule.is_some();
        let beside = Beside {
            rules: rules(&args)?,
            fixtures: Vec::new(),
            seed: args.seed,
            downtimes: args.down,
            mirror: args.mirror,
            hidden: args.hidden,
            no_listing: args.no_listing,
            precompressed: args.precompressed,
            limits: args.limits,
        };
        let mirror = args.mirror || file.has_mirror();
        for downtime in &beside.downtimes {
            downtime.clone().check(mirror).context("--down")?;
        }
        let named = || args.schedule.iter().map(|name| format!("in `{}`", name.display())).collect::<String>();
        if !mirror {
            file.check_without_mirror()
                .map_err(|error| error.with_help("`mirror = true` adds one, and so does `--mirror`"))
                .with_context(named)?;
        }
        let schedule = file.with(beside);
        // Built for its errors: a contradiction is one of usage.
        let playable = Schedule::new(schedule.rules().cloned(), 0)?;
        if !mirror {
            playable.check_without_mirror()?;
        }
        let fixtures = schedule.fixtures();
        let unreached = playable.unreached().map(|(rule, before)| {
            (rule.to_string(), format!("never reached, as `{before}` before it decides everything"))
        });
        let doubts = playable.rules().filter_map(|rule| Some((rule.to_string(), rule.doubt()?)));
        let doubts = unreached.chain(doubts).collect();
        for fixture in fixtures {
            check_on_disk(&schedule, fixture).with_context(named)?;
        }
        let generate = generate::parse_all(&args.generate)?;
        let has_root = args.root.is_some();
        let root = args.root.or_else(|| (generate.is_empty() && fixtures.is_empty()).then(|| PathBuf::from(".")));
        if let Some(root) = &root {
            if !root.exists() {
                bail!("`{}` does not exist: name an existing file or directory to serve", root.display());
            }
            if !root.is_dir() && !root.is_file() {
                bail!("`{}` is neither a file nor a directory", root.display());
            }
        }
        for glob in &args.template {
            flag("--template", glob, matchers::path(glob))?;
        }
        let on_disk = root.is_some() || fixtures.iter().any(|fixture| fixture.path_on_disk().is_some());
        if !on_disk && !args.template.is_empty() {
            bail!(
                "--template is about files, and only what is generated is served: name a directory, such as `.`, too"
            );
        }
        let many = root.as_deref().is_some_and(Path::is_dir) || fixtures.iter().any(|fixture| !fixture.is_single());
        let count = generate.len() + fixtures.len() + usize::from(root.is_some());
        child::check(&args.command, !many && count == 1, mirror)?;
        let default_port = if args.command.is_empty() { DEFAULT_PORT } else { 0 };
        let config = Self {
            root,
            has_root,
            generate,
            templates: args.template,
            command: args.command,
            schedule,
            doubts,
            has_file,
            journal: args.journal,
            print_schedule: args.print_schedule,
            record: args.record,
            check: args.check,
            quiet: args.quiet,
            json: args.json,
            hash: args.hash,
            binds: if args.bind.is_empty() { loopback() } else { args.bind },
            port: args.port.unwrap_or(default_port),
        };
        // What cannot be written is better known now than at the end.
        if config.record.is_some() {
            config.as_file(true).context("--record")?;
        }
        if config.check && config.has_file {
            config.as_file(false)?;
        }
        Ok(config)
    }

    /// The builder of the server that was asked for.
    pub(super) fn builder(&self) -> FlakyServerBuilder {
        let mut builder = FlakyServer::builder().port(self.port);
        for Generate { path, generated, .. } in &self.generate {
            builder = builder.serve_generated(path, *generated);
        }
        builder = match &self.root {
            Some(root) if root.is_dir() => builder.serve_dir(root),
            Some(root) => builder.serve_file(root),
            None => builder,
        };
        builder = builder.schedule_file(&self.schedule);
        builder = self.templates.iter().fold(builder, |builder, glob| builder.template(glob));
        self.binds.iter().fold(builder, |builder, addr| builder.bind(*addr))
    }

    /// What goes wrong.
    pub(super) fn rules(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.schedule.rules()
    }

    /// The rules that are probably not what was meant, each with what is to be said of it.
    pub(super) fn doubts(&self) -> &[(String, String)] {
        &self.doubts
    }

    /// When the server is down.
    pub(super) fn downtimes(&self) -> &[Downtime] {
        self.schedule.downtimes()
    }

    /// All of it as a file, if that can be written: what was named, and, where everything is asked for or a pattern is
    /// about it, the current directory too if that is served.
    pub(super) fn as_file(&self, everything: bool) -> anyhow::Result<ScheduleFile> {
        let generated = self.generate.iter().map(|generate| generate.fixture());
        let mut fixtures: Vec<_> = generated.collect();
        let is_said = everything || self.has_root || !self.templates.is_empty();
        if let Some(root) = self.root.as_ref().filter(|_| is_said) {
            let path = absolute(root)
                .with_context(|| format!("`{}` is not text, and cannot stand in a schedule", root.display()))?;
            let source = match root.is_dir() {
                true => Source::Dir { path, template: None },
                false => Source::File { path, template: false },
            };
            fixtures.push(FileFixture::new(None, source));
        }
        let file = self.schedule.clone().with(Beside { fixtures, ..Beside::default() });
        file.with_templates(&self.templates).map_err(|glob| {
            anyhow!("`--template {glob}` cannot stand in a schedule: there, a directory has one pattern")
        })
    }

    /// What is served, for people.
    pub(super) fn served(&self) -> String {
        let generated = self.generate.iter().map(|generate| generate.path.clone());
        let root = self.root.iter().map(|root| root.display().to_string());
        let others = self.schedule.fixtures().iter().map(FileFixture::name);
        generated.chain(root).chain(others).collect::<Vec<_>>().join(" and ")
    }

    /// Addresses that other machines can reach.
    pub(super) fn exposed(&self) -> impl Iterator<Item = &IpAddr> {
        self.binds.iter().filter(|addr| !addr.is_loopback())
    }
}

/// Whether what a schedule serves from disk is there, and is what it is said to be.
fn check_on_disk(schedule: &ScheduleFile, fixture: &FileFixture) -> anyhow::Result<()> {
    let Some(path) = fixture.path_on_disk() else { return Ok(()) };
    let path = schedule.resolve(path);
    let line = fixture.line().map(|line| format!("line {line}: ")).unwrap_or_default();
    let what = match path.metadata() {
        Err(_) => "does not exist",
        Ok(found) if fixture.is_single() && !found.is_file() => {
            "is not a regular file: a directory is served with `dir`"
        }
        Ok(found) if !fixture.is_single() && !found.is_dir() => "is not a directory: one file is served with `file`",
        Ok(_) => return Ok(()),
    };
    bail!("{line}`{}` {what}", path.display())
}

/// The rules of `--rule` in their order, and behind them the one that the other flags make.
fn rules(args: &Args) -> anyhow::Result<Vec<Rule>> {
    let mut rules = Vec::new();
    for (i, text) in args.rule.iter().enumerate() {
        match text.strip_prefix('@') {
            Some(file) => rules.extend(read_rules(Path::new(file))?),
            None if args.rule.len() == 1 => rules.push(text.parse().context("--rule")?),
            None => rules.push(text.parse().with_context(|| format!("--rule {} of {}", i + 1, args.rule.len()))?),
        }
    }
    rules.extend(flag_rule(args)?);
    Ok(rules)
}

fn read_rules(file: &Path) -> anyhow::Result<Vec<Rule>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read rules from `{}`", file.display()))?;
    let rules = Schedule::parse_rules(&text).with_context(|| format!("in `{}`", file.display()))?;
    if rules.is_empty() {
        bail!("there is no rule in `{}`: `*: ok` is one that lets all be well", file.display());
    }
    Ok(rules)
}

/// The rule that `--script` or the fault flags make, with their conditions.
fn flag_rule(args: &Args) -> anyhow::Result<Option<Rule>> {
    let terms = faults::terms(&args.faults)?;
    if args.script.is_none() && terms.is_empty() {
        let conditions: Vec<_> = conditions(args).collect();
        let verb = match &conditions[..] {
            [] => return Ok(None),
            [_] => "says",
            _ => "say",
        };
        bail!("{} {verb} when: add what happens, such as --reset-after 1MB, or --script", conditions.join(" and "))
    }
    let mut rule = counting_rule(args)?;
    if let Some(glob) = &args.conditions.path {
        rule = rule.and(flag("--path", glob, matchers::path(glob))?);
    }
    if let Some(method) = &args.conditions.method {
        rule = rule.and(flag("--method", method, matchers::method(method))?);
    }
    if let Some(probability) = args.conditions.probability {
        rule = rule.probability(probability);
    }
    Ok(Some(match &args.script {
        Some(script) => rule.script(script).context("--script")?,
        None => terms.into_iter().fold(rule, Rule::fault),
    }))
}

/// The flags that say when something happens.
fn conditions(args: &Args) -> impl Iterator<Item = String> {
    let others = [
        ("first", args.conditions.first.is_some()),
        ("nth", args.conditions.nth.is_some()),
        ("every", args.conditions.every.is_some()),
        ("path", args.conditions.path.is_some()),
        ("method", args.conditions.method.is_some()),
        ("probability", args.conditions.probability.is_some()),
    ];
    let others = others.into_iter().filter_map(|(name, typed)| typed.then_some(name));
    others.chain(args.conditions.typed().map(|(name, _)| name)).map(|name| format!("--{name}"))
}

/// A rule about the attempts that the flags name.
fn counting_rule(args: &Args) -> anyhow::Result<Rule> {
    let (mut rule, mut typed) = (Rule::any(), Vec::new());
    for (name, n, add) in [
        ("first", args.conditions.first, Rule::first as fn(Rule, u64) -> Rule),
        ("nth", args.conditions.nth, Rule::nth),
        ("every", args.conditions.every, Rule::every),
    ] {
        if let Some(n) = n {
            rule = add(rule, n);
            typed.push(format!("--{name} {n}"));
        }
    }
    let typed = typed.join(" ");
    rule.clone().script("ok").map(drop).map_err(|error| error.seen_as(&typed, 0..typed.len()))?;
    args.conditions.add_to(rule, &if typed.is_empty() { typed } else { typed + " " })
}

/// The matcher, unless something is wrong with the value that it was made from.
fn flag(name: &str, value: &str, matcher: Matcher) -> anyhow::Result<Matcher> {
    let typed = format!("{name} {value}");
    matcher.check().map_err(|error| error.within(&typed, name.len() + 1))?;
    Ok(matcher)
}

/// 127.0.0.1 and, where there is IPv6, ::1: a client that looks up `localhost` may try either.
fn loopback() -> Vec<IpAddr> {
    let v6 = IpAddr::V6(Ipv6Addr::LOCALHOST);
    let mut addrs = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    if UdpSocket::bind((v6, 0)).is_ok() {
        addrs.push(v6);
    }
    addrs
}
