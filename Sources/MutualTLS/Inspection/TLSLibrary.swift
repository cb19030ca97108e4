/// The libraries that judge certificates here. Each refuses something that the others accept.
enum TLSLibrary: Sendable {
    /// Go's crypto/x509: buildx, and BuildKit itself.
    case go
    /// BoringSSL, as Envoy uses it.
    case boringSSL

    /// Whose verdict it is, for people.
    var user: String {
        switch self {
        case .go: "buildx and BuildKit (Go)"
        case .boringSSL: "Envoy (BoringSSL)"
        }
    }
}

/// Why a library does not take a chain.
struct Refusal: Equatable {
    /// Goes on from "…: ".
    let reason: String
    let hint: String
}
