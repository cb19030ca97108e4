/// An error of certificates, keys or their files, in words that never contain key material.
public struct CredentialsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors that callers distinguish.
    public enum Kind: String, Sendable {
        /// A name is not valid.
        case name
        /// A lifetime is not valid.
        case lifetime
        /// A file or folder cannot be read.
        case unreadable
        /// A file or folder cannot be written.
        case unwritable
        /// A record beside the certificates is damaged.
        case record
        /// Files already exist, or only some of them do.
        case folder
        /// A text is not the expected PEM.
        case pem
        /// A key cannot be used.
        case key
        /// A key cannot be used without its passphrase.
        case encryptedKey
        /// A certificate cannot be used, or not with this key.
        case certificate
    }

    public let problem: Kind
    /// The error, as a sentence.
    public let sentence: String
    /// The affected file or folder.
    public let path: String?
    /// The fix.
    public let hint: String

    public var description: String { hint.isEmpty ? sentence : "\(sentence) \(hint)" }

    init(_ problem: Kind, _ sentence: String, path: String? = nil, hint: String = "") {
        self.problem = problem
        self.sentence = sentence
        self.path = path
        self.hint = hint
    }

    init(_ problem: NameError) {
        self.init(.name, "\(problem.message).", hint: "Example: \(problem.example)")
    }
}
