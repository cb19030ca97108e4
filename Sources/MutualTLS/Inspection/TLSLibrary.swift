/// The libraries that verify certificates. Each rejects something that the others accept.
enum TLSLibrary: Sendable {
    /// Go's crypto/x509: buildx, and BuildKit itself.
    case go
    /// BoringSSL, as Envoy uses it.
    case boringSSL

    /// The programs that use it, for messages.
    var user: String {
        switch self {
        case .go: "buildx and BuildKit (Go)"
        case .boringSSL: "Envoy (BoringSSL)"
        }
    }
}

/// Why a library rejects a chain.
struct Refusal: Equatable {
    /// The continuation of a sentence after "…: ".
    let reason: String
    let hint: String
}
