/// What went wrong with certificates, keys or their files, in words that never contain key material.
public struct CredentialsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a caller may want to tell apart.
    public enum Kind: String, Sendable {
        /// A name is not acceptable.
        case name
        /// A lifetime is not acceptable.
        case lifetime
        /// A file or folder cannot be read or written.
        case file
        /// Files are in the way, or only some of them are there.
        case folder
        /// A text is not the PEM it should be.
        case pem
        /// A key cannot be used.
        case key
        /// A key cannot be used without its passphrase.
        case encryptedKey
        /// A certificate cannot be used, or not with this key.
        case certificate
    }

    public let problem: Kind
    /// What happened.
    public let sentence: String
    /// The file or folder it happened to.
    public let path: String?
    /// What to do next.
    public let hint: String

    public var description: String { hint.isEmpty ? sentence : "\(sentence) \(hint)" }

    init(_ problem: Kind, _ sentence: String, path: String? = nil, hint: String = "") {
        self.problem = problem
        self.sentence = sentence
        self.path = path
        self.hint = hint
    }

    init(_ problem: NameError) {
        self.init(.name, "\(problem.message).", hint: "A good value: \(problem.example)")
    }
}
