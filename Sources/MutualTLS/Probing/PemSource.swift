/// Where a PEM text comes from.
public enum PemSource: Sendable, Hashable {
    case file(String)
    /// A text in memory, which may be a key and is therefore never shown.
    case text(SecretText)

    public static func text(_ pem: String) -> Self { .text(SecretText(pem)) }

    func read() throws(CredentialsError) -> [UInt8] {
        switch self {
        case .file(let path): try SecureFile.contents(of: path).bytes
        case .text(let text): Array(text.revealed.utf8)
        }
    }

    /// How a message calls it.
    func name(_ purpose: String) -> String {
        switch self {
        case .file(let path): path
        case .text: purpose
        }
    }
}
