//! Interleaved runs, and their medians.

use crate::peer::Running;

/// One server in a comparison, with what was measured of it, run by run.
pub(super) struct Subject {
    pub(super) name: &'static str,
    pub(super) server: Result<Running, String>,
    runs: Vec<Vec<f64>>,
}

impl Subject {
    pub(super) fn new(name: &'static str, server: Result<Running, String>) -> Self {
        Self { name, server, runs: Vec::new() }
    }

    /// The median of the measurement with this number.
    pub(super) fn median(&self, index: usize) -> f64 {
        median(self.runs.iter().map(|run| run[index]).collect())
    }
}

/// Measures every subject in turn, `runs` times, so that what disturbs the machine disturbs all of them. A first round
/// does not count: it fills the caches.
pub(super) fn interleave(
    subjects: &mut [Subject],
    runs: u32,
    mut measure: impl FnMut(&Running) -> anyhow::Result<Vec<f64>>,
) -> anyhow::Result<()> {
    for run in 0..=runs {
        for subject in &mut *subjects {
            let Ok(server) = &subject.server else { continue };
            let measured = measure(server)?;
            if run > 0 {
                subject.runs.push(measured);
            }
        }
    }
    Ok(())
}

/// The value in the middle, or the mean of the two there.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        len if len % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn medians() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
        assert!(median(Vec::new()).is_nan());
    }
}
