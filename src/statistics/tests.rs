//! The estimators against R's `survey`: the cases of `tests/oracle`, and what
//! must hold of any design.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

fn oracle(file: &str) -> Vec<BTreeMap<String, String>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// A table of the oracle, by columns.
struct Table {
    rows: Vec<BTreeMap<String, String>>,
}

impl Table {
    fn open(name: &str) -> Self {
        Self { rows: oracle(&format!("inputs/{name}.csv")) }
    }

    fn numbers(&self, column: &str) -> Vec<Option<f64>> {
        self.rows.iter().map(|row| row[column].parse().ok()).collect()
    }

    /// The distinct values of a column in order, and the rank of each row's.
    fn cells(&self, column: &str) -> (Vec<String>, Vec<usize>) {
        let mut names: Vec<String> = self.rows.iter().map(|row| row[column].clone()).collect();
        names.sort();
        names.dedup();
        let rank = |row: &BTreeMap<String, String>| names.binary_search(&row[column]).unwrap();
        let ranks = self.rows.iter().map(rank).collect();
        (names, ranks)
    }

    fn design(&self, kind: &str) -> Design {
        let weights: Vec<f64> = self.numbers("poids").into_iter().flatten().collect();
        let ones = vec![1.0; self.rows.len()];
        let (names, strata) = self.cells("region");
        let population = |name: &String| {
            let row = self.rows.iter().find(|row| row["region"] == *name)?;
            row["N"].parse().ok()
        };
        let populations: Vec<Option<f64>> = names.iter().map(population).collect();
        match kind {
            "strates" => {
                let weights = expansion_weights(&strata, &populations).unwrap();
                Design::new(strata, &populations, weights)
            }
            "unite" => Design::new(strata, &populations, ones),
            "poids" => Design::new(strata, &populations, weights),
            "simple" => Design::simple(ones),
            "simple-poids" => Design::simple(weights),
            other => panic!("design {other}"),
        }
        .unwrap()
    }

    fn margin(&self, input: &str, column: &str) -> Margin {
        let (names, cells) = self.cells(column);
        let known = oracle("totals.csv");
        let total = |name: &String| {
            let row = known.iter().find(|row| {
                row["input"] == input && row["margin"] == column && row["cell"] == *name
            });
            row.unwrap()["total"].parse().unwrap()
        };
        Margin { cells, totals: names.iter().map(total).collect() }
    }
}

fn design_of(case: &BTreeMap<String, String>, table: &Table) -> Design {
    let design = table.design(&case["design"]);
    let Some((kind, columns)) = case["calibration"].split_once(':') else { return design };
    let margins: Vec<Margin> =
        columns.split('+').map(|column| table.margin(&case["input"], column)).collect();
    match kind {
        "post" => design.post_stratify(&margins[0]).unwrap(),
        "rake" => {
            let control = RakingControl { rounds: 100, tolerance: 1e-10 };
            let (design, convergence) = design.rake(&margins, control).unwrap();
            assert!(convergence.converged && convergence.largest_gap < 1e-9, "{convergence:?}");
            design
        }
        "rake-r" => design.rake(&margins, RakingControl { rounds: 10, tolerance: 1.0 }).unwrap().0,
        other => panic!("calibration {other}"),
    }
}

/// The units of a case: in the domain, with an answer.
fn units_of(case: &BTreeMap<String, String>, table: &Table) -> Vec<usize> {
    let answered = |row: &BTreeMap<String, String>| {
        ["variable", "denominator"]
            .iter()
            .all(|key| case[*key].is_empty() || !row[&case[*key]].is_empty())
    };
    let inside = |row: &BTreeMap<String, String>| {
        let mut conditions = case["domain"].split('&').filter_map(|text| text.split_once('='));
        conditions.all(|(column, value)| row[column] == value)
    };
    let rows = table.rows.iter().enumerate();
    rows.filter(|(_, row)| answered(row) && inside(row)).map(|(unit, _)| unit).collect()
}

struct Outcome {
    units: usize,
    degrees: Option<usize>,
    value: f64,
    error: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

fn outcome(estimate: Estimate, bounds: Option<Interval>) -> Outcome {
    Outcome {
        units: estimate.units,
        degrees: Some(estimate.degrees),
        value: estimate.value,
        error: estimate.standard_error,
        low: bounds.map(|bounds| bounds.low),
        high: bounds.map(|bounds| bounds.high),
    }
}

fn computed(case: &BTreeMap<String, String>, table: &Table, design: &Design) -> Outcome {
    let units = units_of(case, table);
    let level: f64 = case["level"].parse().unwrap();
    let values = |key: &str| -> Vec<f64> {
        let numbers = table.numbers(&case[key]);
        units.iter().map(|unit| numbers[*unit].unwrap()).collect()
    };
    match case["statistic"].as_str() {
        "mean" => {
            let estimate = mean(design, &units, &values("variable")).unwrap();
            outcome(estimate, interval(&estimate, level))
        }
        "total" => {
            let estimate = total(design, &units, &values("variable")).unwrap();
            outcome(estimate, interval(&estimate, level))
        }
        "ratio" => {
            let estimate = ratio(design, &units, &values("variable"), &values("denominator"));
            outcome(estimate.unwrap(), interval(&estimate.unwrap(), level))
        }
        "proportion" => {
            let hit = |unit: &usize| table.rows[*unit][&case["variable"]] == case["option"];
            let hits: Vec<bool> = units.iter().map(hit).collect();
            let method = match case["method"].as_str() {
                "beta" => ProportionMethod::Beta,
                "logit" => ProportionMethod::Logit,
                _ => ProportionMethod::Wilson,
            };
            let found = proportion(design, &units, &hits, method, level).unwrap();
            outcome(found.estimate, Some(found.interval))
        }
        _ => {
            let p = case["p"].parse().unwrap();
            let found = quantile(design, &units, &values("variable"), p, level).unwrap();
            Outcome {
                units: found.units,
                degrees: None,
                value: found.value,
                error: found.standard_error,
                low: found.low,
                high: found.high,
            }
        }
    }
}

/// Equal to nine digits; where one is absent the other is too.
fn agree(found: Option<f64>, expected: &str) -> bool {
    match (found, expected.parse::<f64>().ok()) {
        (None, None) => true,
        (Some(found), Some(expected)) => {
            (found - expected).abs() <= 1e-9 * expected.abs() || found == expected
        }
        _ => false,
    }
}

#[test]
fn estimates_are_those_of_r() {
    let cases = oracle("cases.csv");
    let mut wrong = Vec::new();
    let mut compared = 0;
    for row in oracle("expected.csv") {
        let case = cases.iter().find(|case| case["case"] == row["case"]).unwrap();
        let table = Table::open(&case["input"]);
        let found = computed(case, &table, &design_of(case, &table));
        let same = agree(Some(found.value), &row["value"])
            && agree(found.error, &row["se"])
            && agree(found.low, &row["low"])
            && agree(found.high, &row["high"])
            && row["n"] == found.units.to_string()
            && found.degrees.is_none_or(|degrees| row["df"] == degrees.to_string());
        if !same {
            wrong.push(format!(
                "{case:?}\n  R {row:?}\n  {} {:?} {:?} {:?} n {} df {:?}",
                found.value, found.error, found.low, found.high, found.units, found.degrees
            ));
        }
        compared += 1;
    }
    assert!(wrong.is_empty(), "{} of {compared}\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 150, "{compared}");
}

#[test]
fn weights_are_those_of_r() {
    let expected = oracle("weights.csv");
    let mut compared = 0;
    for case in oracle("cases.csv").iter().filter(|case| case["statistic"] == "weights") {
        let table = Table::open(&case["input"]);
        let design = design_of(case, &table);
        let rows = expected.iter().filter(|row| row["case"] == case["case"]);
        for (weight, row) in design.weights().iter().zip(rows) {
            assert!(agree(Some(*weight), &row["weight"]), "{case:?} {row:?} {weight}");
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared}");
}

/// A part of a function: statistic/variable/denominator or option/domain.
fn part_of(text: &str, slope: f64, case: &BTreeMap<String, String>, design: &Design) -> Part {
    let table = Table::open(&case["input"]);
    let fields: Vec<&str> = text.split('/').collect();
    let [statistic, variable, second, domain] = fields[..] else { panic!("{text}") };
    let is_ratio = statistic == "ratio";
    let own = [
        ("variable", variable),
        ("denominator", if is_ratio { second } else { "" }),
        ("domain", domain),
    ];
    let own = own.map(|(key, value)| (key.to_string(), value.to_string()));
    let units = units_of(&own.into_iter().collect(), &table);
    let numbers = |column: &str| -> Vec<f64> {
        let all = table.numbers(column);
        units.iter().map(|unit| all[*unit].unwrap()).collect()
    };
    let bounds = |estimate: Option<Estimate>| {
        let bounds = interval(&estimate.unwrap(), 0.95).unwrap();
        (bounds.low, bounds.high)
    };
    let (linear, (low, high)) = match statistic {
        "proportion" => {
            let hit = |unit: &usize| table.rows[*unit][variable] == second;
            let hits: Vec<bool> = units.iter().map(hit).collect();
            let values: Vec<f64> = hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
            let beta = proportion(design, &units, &hits, ProportionMethod::Beta, 0.95).unwrap();
            let linear = Linearised::mean(design, &units, &values);
            (linear, (beta.interval.low, beta.interval.high))
        }
        "ratio" => {
            let (y, x) = (numbers(variable), numbers(second));
            (Linearised::ratio(design, &units, &y, &x), bounds(ratio(design, &units, &y, &x)))
        }
        "total" => {
            let y = numbers(variable);
            (Linearised::total(design, &units, &y), bounds(total(design, &units, &y)))
        }
        _ => {
            let y = numbers(variable);
            (Linearised::mean(design, &units, &y), bounds(mean(design, &units, &y)))
        }
    };
    let Linearised { value, influence } = linear.unwrap();
    Part { slope, value, low: Some(low), high: Some(high), units, influence }
}

#[test]
fn functions_of_estimates_are_those_of_r() {
    let cases = oracle("functions-cases.csv");
    let expected = oracle("functions.csv");
    for (case, row) in cases.iter().zip(&expected) {
        assert_eq!(case["case"], row["case"]);
        let design = design_of(case, &Table::open(&case["input"]));
        let slopes = row["slopes"].split(' ').map(|slope| slope.parse().unwrap());
        let texts = ["a", "b", "c"].map(|name| case[name].as_str());
        let texts = texts.iter().filter(|text| !text.is_empty());
        let parts: Vec<Part> =
            texts.zip(slopes).map(|(text, slope)| part_of(text, slope, case, &design)).collect();
        let value: f64 = row["value"].parse().unwrap();
        let found = combine(&design, value, &parts);
        let told = || format!("{case:?}\n{row:?}\n{found:?}");
        assert!(agree(Some(found.standard_error), &row["se"]), "{}", told());
        assert!(agree(found.low, &row["low"]) && agree(found.high, &row["high"]), "{}", told());
        if !row["t_low"].is_empty() {
            assert!(agree(found.low, &row["t_low"]) && agree(found.high, &row["t_high"]));
        }
        if let [one, other, ..] = parts.as_slice() {
            let found = correlation(&design, one, other);
            let expected: f64 = row["correlation"].parse().unwrap();
            assert!((found - expected).abs() < 1e-9, "{} {found}", told());
        }
    }
    assert!(expected.len() >= 28);
}

const METHODS: [ProportionMethod; 3] =
    [ProportionMethod::Beta, ProportionMethod::Logit, ProportionMethod::Wilson];

/// A stratified sample and an answer a unit.
#[derive(Debug, Clone)]
struct Sample {
    stratum_of: Vec<usize>,
    populations: Vec<Option<f64>>,
    hits: Vec<bool>,
    weights: Vec<f64>,
}

impl Sample {
    fn design(&self) -> Design {
        Design::new(self.stratum_of.clone(), &self.populations, self.weights.clone()).unwrap()
    }

    fn expanded(&self) -> Design {
        let weights = expansion_weights(&self.stratum_of, &self.populations).unwrap();
        Design::new(self.stratum_of.clone(), &self.populations, weights).unwrap()
    }

    fn units(&self) -> Vec<usize> {
        (0..self.hits.len()).collect()
    }
}

prop_compose! {
    /// Up to six strata of 1 to 8 answers, some of them censuses.
    fn samples()(strata in prop::collection::vec((1..8_usize, 0..12_usize), 1..6))
        (units in strata.iter().map(|(n, _)| prop::collection::vec((any::<bool>(), 0.1..9.0), *n))
            .collect::<Vec<_>>(), strata in Just(strata)) -> Sample
    {
        let stratum_of =
            units.iter().enumerate().flat_map(|(rank, units)| vec![rank; units.len()]).collect();
        let populations = strata.iter().map(|(n, more)| Some((n + more) as f64)).collect();
        let (hits, weights) = units.into_iter().flatten().unzip();
        Sample { stratum_of, populations, hits, weights }
    }
}

proptest! {
    /// No design and no answers lead to anything but an interval within 0 and
    /// 1, around the estimate.
    #[test]
    fn every_proportion_has_an_honest_interval(sample in samples(), level in 0.5..0.999) {
        let units = sample.units();
        for method in METHODS {
            let found = proportion(&sample.design(), &units, &sample.hits, method, level).unwrap();
            let (low, high) = (found.interval.low, found.interval.high);
            prop_assert!((0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high), "{found:?}");
            prop_assert!(low <= found.estimate.value + 1e-12, "{found:?}");
            prop_assert!(high >= found.estimate.value - 1e-12, "{found:?}");
            prop_assert_eq!(low == high, found.interval.basis == Basis::Census);
        }
    }

    #[test]
    fn a_census_leaves_nothing_to_chance(sample in samples()) {
        let units = sample.units();
        let sizes = sums::sums_by_cell(
            sample.populations.len(),
            sample.stratum_of.iter().map(|stratum| (*stratum, 1.0)),
        );
        let populations: Vec<Option<f64>> = sizes.into_iter().map(Some).collect();
        let design = Design::new(sample.stratum_of.clone(), &populations, sample.weights.clone());
        let found = proportion(&design.unwrap(), &units, &sample.hits, METHODS[0], 0.95).unwrap();
        prop_assert_eq!(found.interval.low, found.estimate.value);
        prop_assert_eq!(found.interval.high, found.estimate.value);
        prop_assert_eq!(found.estimate.standard_error, Some(0.0));
    }

    /// Post-stratifying a stratified sample on its own strata changes nothing,
    /// but for strata with one unit, whose residual is zero.
    #[test]
    fn strata_need_no_post_stratification(sample in samples()) {
        let plain = sample.expanded();
        let margin = Margin {
            cells: sample.stratum_of.clone(),
            totals: sample.populations.iter().flatten().copied().collect(),
        };
        let adjusted = plain.clone().post_stratify(&margin).unwrap();
        let values: Vec<f64> = sample.hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
        let left = total(&plain, &sample.units(), &values).unwrap();
        let right = total(&adjusted, &sample.units(), &values).unwrap();
        prop_assert!((left.value - right.value).abs() < 1e-9);
        if plain.strata().iter().all(|stratum| stratum.sample > 1) {
            let gap = left.standard_error.unwrap() - right.standard_error.unwrap();
            prop_assert!(gap.abs() < 1e-7, "{gap}");
        }
    }

    /// The shares of the answers to an exclusive question sum to 1.
    #[test]
    fn shares_sum_to_one(sample in samples()) {
        let misses: Vec<bool> = sample.hits.iter().map(|hit| !hit).collect();
        let share = |hits: &[bool]| {
            proportion(&sample.design(), &sample.units(), hits, METHODS[0], 0.95).unwrap()
        };
        let sum = share(&sample.hits).estimate.value + share(&misses).estimate.value;
        prop_assert!((sum - 1.0).abs() < 1e-14);
    }

    /// A weighted median is one of the answers, with half of the weights on
    /// either side; its bounds do not cross.
    #[test]
    fn a_median_stands_in_the_middle(sample in samples(), seed in 0..97_usize) {
        let design = sample.design();
        let values: Vec<f64> = sample.units().iter().map(|u| ((u * 37 + seed) % 11) as f64).collect();
        let found = quantile(&design, &sample.units(), &values, 0.5, 0.95).unwrap();
        let share = |keep: &dyn Fn(f64) -> bool| -> f64 {
            let kept = values.iter().zip(design.weights()).filter(|(value, _)| keep(**value));
            kept.map(|(_, weight)| weight).sum::<f64>() / design.weights().iter().sum::<f64>()
        };
        prop_assert!(share(&|value| value <= found.value) >= 0.5 - 1e-12);
        prop_assert!(share(&|value| value >= found.value) >= 0.5 - 1e-12);
        prop_assert!(found.low.is_none_or(|low| found.high.is_none_or(|high| low <= high)));
    }
}

fn fault(strata: &[usize], populations: &[Option<f64>], weights: &[f64]) -> Option<DesignFault> {
    Design::new(strata.to_vec(), populations, weights.to_vec()).err()
}

#[test]
fn designs_that_cannot_be_are_refused() {
    assert_eq!(fault(&[0, 1], &[None], &[1.0, 1.0]), Some(DesignFault::Shape));
    assert_eq!(fault(&[0], &[None], &[]), Some(DesignFault::Shape));
    for weight in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(fault(&[0, 0], &[None], &[1.0, weight]), Some(DesignFault::Weight { unit: 1 }));
    }
    let too_many = Some(DesignFault::SampleExceedsPopulation { stratum: 0 });
    assert_eq!(fault(&[0, 0], &[Some(1.0)], &[1.0, 1.0]), too_many);
    assert_eq!(expansion_weights(&[0, 1], &[Some(4.0), None]), None);
}

#[test]
fn totals_without_answers_and_answers_without_a_total_are_refused() {
    let design = Design::simple(vec![1.0; 3]).unwrap();
    let margin = |cells: [usize; 3], totals: &[f64]| Margin {
        cells: cells.to_vec(),
        totals: totals.to_vec(),
    };
    let control = RakingControl { rounds: 5, tolerance: 1e-9 };
    let rake = |second: Margin| {
        design.clone().rake(&[margin([0, 1, 1], &[4.0, 6.0]), second], control).err()
    };
    assert_eq!(
        rake(margin([0, 0, 0], &[8.0, 2.0])),
        Some(CalibrationFault::EmptyCell { margin: 1, cell: 1 })
    );
    assert_eq!(
        rake(margin([0, 1, 1], &[10.0, 0.0])),
        Some(CalibrationFault::EmptyPopulation { margin: 1, cell: 1 })
    );
    assert_eq!(rake(margin([0, 1, 5], &[4.0, 6.0])), Some(CalibrationFault::Shape { margin: 1 }));
}

#[test]
fn margins_that_cannot_be_met_together_do_not_converge() {
    let design = Design::simple(vec![1.0; 4]).unwrap();
    let margins = [
        Margin { cells: vec![0, 0, 1, 1], totals: vec![10.0, 10.0] },
        Margin { cells: vec![0, 1, 0, 1], totals: vec![30.0, 10.0] },
    ];
    let control = RakingControl { rounds: 50, tolerance: 1e-9 };
    let (_, convergence) = design.rake(&margins, control).unwrap();
    assert!(convergence.largest_gap > 0.3, "{convergence:?}");
    assert_eq!(convergence.widest.0, 0);
}

/// The bound for no hit among n is the « rule of three »'s, not zero: 3.7/n at
/// a level of 95 %, two-sided.
#[test]
fn no_hit_is_not_a_proof_of_absence() {
    let design = Design::new(vec![0; 20], &[Some(30.0)], vec![1.0; 20]).unwrap();
    let units: Vec<usize> = (0..20).collect();
    for method in METHODS {
        let none = proportion(&design, &units, &[false; 20], method, 0.95).unwrap();
        assert_eq!((none.estimate.value, none.interval.low), (0.0, 0.0));
        assert!((none.interval.high - (1.0 - 0.025_f64.powf(0.05))).abs() < 1e-12);
        let all = proportion(&design, &units, &[true; 20], method, 0.95).unwrap();
        assert_eq!((all.estimate.value, all.interval.high), (1.0, 1.0));
        assert!((all.interval.low - 0.025_f64.powf(0.05)).abs() < 1e-12);
    }
}

#[test]
fn one_answer_says_nothing_of_the_spread() {
    let design = Design::new(vec![0, 0, 0], &[Some(9.0)], vec![1.0; 3]).unwrap();
    let lone = mean(&design, &[1], &[40.0]).unwrap();
    assert_eq!((lone.value, lone.standard_error, interval(&lone, 0.95)), (40.0, None, None));
    let share = proportion(&design, &[1], &[true], METHODS[0], 0.95).unwrap();
    assert_eq!((share.interval.low, share.interval.high), (0.0, 1.0));
    let median = quantile(&design, &[1], &[40.0], 0.5, 0.95).unwrap();
    assert_eq!((median.value, median.low, median.high), (40.0, None, None));
}

#[test]
fn nobody_gives_no_estimate() {
    let design = Design::simple(vec![1.0; 3]).unwrap();
    assert_eq!(mean(&design, &[], &[]), None);
    assert_eq!(total(&design, &[], &[]), None);
    assert_eq!(ratio(&design, &[0], &[1.0], &[0.0]), None);
    assert_eq!(proportion(&design, &[], &[], METHODS[0], 0.95), None);
    assert_eq!(quantile(&design, &[], &[], 0.5, 0.95), None);
}
