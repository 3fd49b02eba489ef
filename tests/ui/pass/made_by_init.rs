//! The structs that `configcheck init` makes of real examples.
#![allow(dead_code)]

#[path = "../../made/forum.rs"]
mod forum;
#[path = "../../made/spring_orders.rs"]
mod spring_orders;
#[path = "../../made/token_service.rs"]
mod token_service;

fn main() {}
