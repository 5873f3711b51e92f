"""HTTP assembly: middleware, problem details, surface check, console, OpenAPI. Knows no domain."""
