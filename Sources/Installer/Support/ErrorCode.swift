/// What kind of failure or diagnostic something is, for programs: it stays the same when a sentence is worded anew.
///
/// It is written like the reasons of Kubernetes: `ToolMissing`. Each layer adds its own; one that a pod's container
/// gives, such as `ImagePullBackOff`, is a code as it is.
public struct ErrorCode: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { self.init(rawValue: value) }
}

extension ErrorCode: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension ErrorCode {
    /// What has no code of its own.
    public static let failed: ErrorCode = "Failed"
    /// Something that should not happen in this program.
    public static let internalError: ErrorCode = "InternalError"

    // The command line and the answers.
    public static let usage: ErrorCode = "Usage"
    public static let invalidAnswer: ErrorCode = "InvalidAnswer"
    /// A file that was named as input cannot be read.
    public static let inputUnreadable: ErrorCode = "InputUnreadable"
    /// A file that was named as output cannot be written.
    public static let outputUnwritable: ErrorCode = "OutputUnwritable"
    /// Nobody was there to agree, or somebody did not.
    public static let notConfirmed: ErrorCode = "NotConfirmed"
    /// Checks failed, so nothing was begun.
    public static let checksFailed: ErrorCode = "ChecksFailed"

    // Tools.
    public static let toolMissing: ErrorCode = "ToolMissing"
    public static let toolFailed: ErrorCode = "ToolFailed"
    public static let toolTimedOut: ErrorCode = "ToolTimedOut"
    /// What a tool printed has an unknown form.
    public static let toolOutputUnknown: ErrorCode = "ToolOutputUnknown"

    // This machine.
    public static let fileUnreadable: ErrorCode = "FileUnreadable"
    public static let fileUnwritable: ErrorCode = "FileUnwritable"
    /// Another process is at work on the same installation.
    public static let locked: ErrorCode = "Locked"

    // The cluster.
    public static let forbidden: ErrorCode = "Forbidden"
    public static let releaseMissing: ErrorCode = "ReleaseMissing"
    public static let releaseNotDeployed: ErrorCode = "ReleaseNotDeployed"
    public static let podsNotReady: ErrorCode = "PodsNotReady"
    /// Builds run, or requests wait.
    public static let buildsActive: ErrorCode = "BuildsActive"
    /// KEDA scales BuildKit, and would undo what was asked for.
    public static let scaledByKEDA: ErrorCode = "ScaledByKEDA"
}
