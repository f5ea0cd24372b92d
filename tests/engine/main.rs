//! The engine from outside: XML, schemas, verdicts, diagnostics, limits.

#[path = "../support/mod.rs"]
mod support;

mod agreement;
mod allocations;
mod assist;
mod causes;
mod datatype;
mod datatype_properties;
mod diff;
mod doctype;
mod encodings;
mod fuzz_regressions;
mod golden;
mod hostile;
mod hostile_schemas;
mod identifiers;
mod identity;
mod limits;
mod locations;
mod one_fault;
mod one_walk;
mod pieces;
mod properties;
mod quick_xml;
mod random;
mod real;
mod redefine;
mod rules;
mod schema;
mod slips;
mod sources;
mod structures;
mod substitution;
mod table;
mod xml;
mod xmlconf;
