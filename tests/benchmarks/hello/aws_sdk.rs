//! One secret of Secrets Manager, with the AWS SDK as its documentation shows.

use std::collections::HashMap;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let client = aws_sdk_secretsmanager::Client::new(&config);
    let answer = client.get_secret_value().secret_id("hello").send().await.unwrap();
    let secret: HashMap<String, String> = serde_json::from_str(answer.secret_string().unwrap()).unwrap();
    println!("{}", secret["token"].len());
}
