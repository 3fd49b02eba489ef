//! The hello world without a library: the floor of every build figure.

use std::env::var;

fn main() {
    let port: u16 = var("PORT").expect("PORT").parse().expect("PORT");
    let pool_size: u32 = var("POOL_SIZE").expect("POOL_SIZE").parse().expect("POOL_SIZE");
    let ff_new_checkout: bool = var("FF_NEW_CHECKOUT").expect("FF_NEW_CHECKOUT").parse().expect("FF_NEW_CHECKOUT");
    let _ = (var("APP_ENV").expect("APP_ENV"), var("DATABASE_URL").expect("DATABASE_URL"), var("JWT_SECRET").expect("JWT_SECRET"));
    println!("{port} {pool_size} {ff_new_checkout}");
}
