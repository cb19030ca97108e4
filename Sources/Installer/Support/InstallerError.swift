import FoundationEssentials
import MutualTLS

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// An error: what failed, the tool's message, and the fix. All of it may be shown.
public struct InstallerError: Error, Codable, Equatable, Sendable {
    /// A sentence without its full stop: "The chart could not be installed".
    public let message: String
    /// The tool's message, unchanged.
    public let detail: String?
    /// The fix; a command where one exists.
    public let hint: String?
    /// The kind of failure, for programs: it is unchanged when the sentence is reworded.
    public var code: ErrorCode
    /// What it is about, for programs: `tool/helm`, `step/release`; nil: its code implies that.
    public var subject: String?

    public init(
        _ message: String, detail: String? = nil, hint: String? = nil, code: ErrorCode = .failed,
        subject: String? = nil
    ) {
        self.message = message.visibleLine
        self.detail = detail?.visible
        self.hint = hint?.visible
        self.code = code
        self.subject = subject
    }

    public init(_ message: String, detail: String? = nil, hint: String? = nil, code: String) {
        self.init(message, detail: detail, hint: hint, code: ErrorCode(rawValue: code))
    }

    private enum CodingKeys: String, CodingKey { case message, detail, hint, code, subject }

    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        message = try object.decode(String.self, forKey: .message)
        detail = try object.decodeIfPresent(String.self, forKey: .detail)
        hint = try object.decodeIfPresent(String.self, forKey: .hint)
        // The journal of an earlier version has no code.
        code = try object.decodeIfPresent(ErrorCode.self, forKey: .code) ?? .failed
        subject = try object.decodeIfPresent(String.self, forKey: .subject)
    }
}

extension InstallerError: CustomStringConvertible {
    public var description: String { lines.joined(separator: "\n") }

    /// The error as text, one line each. The tool's message is indented: no line of it can be mistaken for one of this
    /// program.
    public var lines: [String] {
        [message] + (detail ?? "").split(separator: "\n").map { "  \($0)" } + [hint].compactMap(\.self)
    }
}

extension InstallerError {
    /// The message and the first line of the detail, as one text.
    public var sentence: String {
        guard let line = detail?.split(separator: "\n").first else { return message }
        // The tool's own prefix for errors adds nothing to the message.
        let said = ["Error from server (", "Error: ", "error: "].contains { line.hasPrefix($0) }
        return "\(message): \(said ? line.drop { $0 != ":" }.dropFirst().trimmed : String(line))"
    }
}

extension Error {
    /// The system's reason, in a few words: "Permission denied".
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
    /// A problem with certificates or their files, in the form that is shown to users.
    init(_ error: CredentialsError) {
        let code: ErrorCode =
            switch error.problem {
            case .unreadable: .fileUnreadable
            case .unwritable: .fileUnwritable
            case .name, .lifetime, .record, .folder, .pem, .key, .encryptedKey, .certificate:
                .certificateUnusable
            }
        self.init(error.sentence, hint: error.hint.isEmpty ? nil : error.hint, code: code)
    }
}
