"""What several tests share: reference data, stand-ins, records of errors."""
