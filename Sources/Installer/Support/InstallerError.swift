import FoundationEssentials
import MutualTLS

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Something that went wrong: what happened, what the tool said, what to do next. All of it may be shown.
public struct InstallerError: Error, Codable, Equatable, Sendable {
    /// A sentence in the user's words: "The chart could not be installed".
    public let message: String
    /// What the tool said, as it said it.
    public let detail: String?
    /// What to do next; a command where there is one.
    public let hint: String?
    /// What kind of failure it is, for programs: it stays the same when the sentence is reworded.
    public var code: ErrorCode

    public init(_ message: String, detail: String? = nil, hint: String? = nil, code: ErrorCode = .failed) {
        self.message = message.visibleLine
        self.detail = detail?.visible
        self.hint = hint?.visible
        self.code = code
    }

    public init(_ message: String, detail: String? = nil, hint: String? = nil, code: String) {
        self.init(message, detail: detail, hint: hint, code: ErrorCode(rawValue: code))
    }

    private enum CodingKeys: String, CodingKey { case message, detail, hint, code }

    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        message = try object.decode(String.self, forKey: .message)
        detail = try object.decodeIfPresent(String.self, forKey: .detail)
        hint = try object.decodeIfPresent(String.self, forKey: .hint)
        // A journal that an earlier version wrote has none.
        code = try object.decodeIfPresent(ErrorCode.self, forKey: .code) ?? .failed
    }
}

extension InstallerError: CustomStringConvertible {
    public var description: String {
        ([message] + [detail, hint].compactMap { $0 }).joined(separator: "\n")
    }
}

extension InstallerError {
    /// What happened and the first line of what the tool said, as one text.
    public var sentence: String {
        guard let line = detail?.split(separator: "\n").first else { return message }
        // The tool's own words for "error" add nothing to the sentence before them.
        let said = ["Error from server (", "Error: ", "error: "].contains { line.hasPrefix($0) }
        return "\(message): \(said ? line.drop { $0 != ":" }.dropFirst().trimmed : String(line))"
    }
}

extension Error {
    /// Why the system refused, in its own few words: "Permission denied".
    var reason: String {
        guard let error = self as? CocoaError else { return "\(self)" }
        if let cause = error.userInfo["NSUnderlyingError"] as? POSIXError {
            return String(cString: strerror(cause.code.rawValue))
        }
        switch error.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: return String(cString: strerror(ENOENT))
        case .fileReadNoPermission, .fileWriteNoPermission: return String(cString: strerror(EACCES))
        case .fileWriteOutOfSpace: return String(cString: strerror(ENOSPC))
        default: return "file error \(error.code.rawValue)"
        }
    }
}

extension InstallerError {
    /// What is wrong with certificates or their files, in the form that users are told.
    init(_ error: CredentialsError) {
        self.init(
            error.sentence, hint: error.hint.isEmpty ? nil : error.hint, code: "CertificateUnusable")
    }
}
