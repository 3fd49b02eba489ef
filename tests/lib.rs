//! Holds the test targets together; there is nothing here.
