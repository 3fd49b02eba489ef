//! etcd: references for Configcheck: plain configuration in etcd.
