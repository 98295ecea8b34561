//! The attempts over time.

use std::fmt::Write as _;
use std::time::Duration;

use flaky_server::Exchange;

/// The width of the time line, in characters.
const WIDTH: usize = 48;

/// More attempts than that are not drawn: the first and the last of them are.
const ROWS: usize = 24;

/// The attempts over time, one a line; empty if there are none.
pub(super) fn waterfall(exchanges: &[Exchange]) -> String {
    let bars: Vec<Bar> = exchanges.iter().map(Bar::new).collect();
    draw(&bars)
}

/// One attempt.
struct Bar {
    from: Duration,
    /// `None` if it still went on at the end.
    to: Option<Duration>,
    label: String,
}

impl Bar {
    fn new(exchange: &Exchange) -> Self {
        let what = exchange.target.as_ref().map_or_else(
            || "no request".to_owned(),
            |_| match exchange.status {
                Some(status) => status.to_string(),
                None => "no head".to_owned(),
            },
        );
        let end = exchange.end.map_or_else(|| "open".to_owned(), |end| end.to_string());
        let resend = if exchange.resend { ", resend" } else { "" };
        Self { from: exchange.at, to: exchange.ended_at, label: format!("{what}, {end}{resend}") }
    }
}

fn draw(bars: &[Bar]) -> String {
    let Some(start) = bars.iter().map(|bar| bar.from).min() else { return String::new() };
    let end = bars.iter().map(|bar| bar.to.unwrap_or(bar.from).max(bar.from)).max().unwrap_or(start);
    // Whatever takes no time at all takes a column.
    let span = (end - start).max(Duration::from_millis(1));
    let column = |at: Duration| {
        let share = at.saturating_sub(start).as_secs_f64() / span.as_secs_f64();
        // Between 0 and WIDTH - 1, whatever rounding does.
        ((share * (WIDTH - 1) as f64) as usize).min(WIDTH - 1)
    };
    let number = bars.len().to_string().len().max(2);
    let last = format!("+{}", short(span));
    let mut text = format!("{:number$}  0{last:>width$}\n", "", width = WIDTH - 1);
    for (i, bar) in bars.iter().enumerate() {
        if bars.len() > ROWS && i == ROWS / 2 {
            // The rows between are as many as those that are left out.
            let _ = writeln!(text, "{:number$}  ... {} more ...", "", bars.len() - ROWS);
        }
        if bars.len() > ROWS && (ROWS / 2..bars.len() - ROWS / 2).contains(&i) {
            continue;
        }
        let (from, to) = (column(bar.from), bar.to.map_or(WIDTH - 1, &column));
        let line = if bar.to.is_some() { "█" } else { "▒" };
        let drawn = " ".repeat(from) + &line.repeat(to.saturating_sub(from) + 1);
        let padding = " ".repeat(WIDTH.saturating_sub(drawn.chars().count()));
        let _ = writeln!(text, "{:>number$}  {drawn}{padding}  {}", i + 1, bar.label);
    }
    text
}

fn short(duration: Duration) -> String {
    match duration.as_millis() {
        ms @ 0..1_000 => format!("{ms}ms"),
        ms => format!("{:.1}s", ms as f64 / 1_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(from: u64, to: Option<u64>, label: &str) -> Bar {
        Bar { from: Duration::from_millis(from), to: to.map(Duration::from_millis), label: label.to_owned() }
    }

    #[test]
    fn attempts_over_time() {
        let bars = [
            bar(100, Some(100), "200, rst"),
            bar(1_100, Some(1_600), "200, rst"),
            bar(2_100, None, "200, open"),
            bar(4_200, Some(4_800), "no head, fin, resend"),
        ];
        let drawn = draw(&bars);
        let expected = "    0                                          +4.7s
 1  █                                                 200, rst
 2            █████                                   200, rst
 3                      ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  200, open
 4                                           ███████  no head, fin, resend
";
        assert_eq!(drawn, expected, "\n{drawn}");
    }

    #[test]
    fn many_attempts_are_not_all_drawn() {
        let bars: Vec<Bar> = (0..1_000).map(|i| bar(i, Some(i), "200, rst")).collect();
        let drawn = draw(&bars);
        assert_eq!(drawn.lines().count(), ROWS + 2);
        assert!(drawn.contains("... 976 more ..."), "{drawn}");
        assert!(drawn.contains("\n1000  "), "{drawn}");
    }

    #[test]
    fn nothing_takes_no_line() {
        assert_eq!(draw(&[]), "");
        assert_eq!(draw(&[bar(5, Some(5), "x")]).lines().count(), 2);
    }
}
