def host_request() -> float:
    return 0.0
