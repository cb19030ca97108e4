import Testing
@testable import MutualTLS
