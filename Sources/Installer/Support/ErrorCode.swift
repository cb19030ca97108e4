/// The kind of a failure or diagnostic, for programs: it is unchanged when a sentence is reworded.
///
/// It is written like the reasons of Kubernetes: `ToolMissing`. Each layer adds its own; a reason of a pod's
/// container, such as `ImagePullBackOff`, is used as a code unchanged.
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
    /// The place in the documents that explains it. A test checks that each code has its anchor there.
    public var documentation: String { "docs/troubleshooting.md#\(rawValue)" }

    /// Whether the message alone says what to do.
    public var isSelfExplanatory: Bool {
        [.failed, .usage, .invalidAnswer, .inputUnreadable, .notConfirmed].contains(self)
    }
}

extension ErrorCode {
    /// A failure without a code of its own.
    public static let failed: ErrorCode = "Failed"
    /// A defect of this program.
    public static let internalError: ErrorCode = "InternalError"

    // The command line and the answers.
    public static let usage: ErrorCode = "Usage"
    public static let invalidAnswer: ErrorCode = "InvalidAnswer"
    /// A given input file cannot be read.
    public static let inputUnreadable: ErrorCode = "InputUnreadable"
    /// A given output file cannot be written.
    public static let outputUnwritable: ErrorCode = "OutputUnwritable"
    /// The confirmation was declined, or could not be requested.
    public static let notConfirmed: ErrorCode = "NotConfirmed"
    /// Checks failed, so nothing was started.
    public static let checksFailed: ErrorCode = "ChecksFailed"

    // Tools.
    public static let toolMissing: ErrorCode = "ToolMissing"
    /// A tool is there, and the system cannot start it.
    public static let toolUnusable: ErrorCode = "ToolUnusable"
    public static let toolFailed: ErrorCode = "ToolFailed"
    public static let toolTimedOut: ErrorCode = "ToolTimedOut"
    /// The output of a tool has an unknown format.
    public static let toolOutputUnknown: ErrorCode = "ToolOutputUnknown"

    // This machine.
    public static let fileUnreadable: ErrorCode = "FileUnreadable"
    public static let fileUnwritable: ErrorCode = "FileUnwritable"
    /// A certificate, key or CA cannot be used.
    public static let certificateUnusable: ErrorCode = "CertificateUnusable"
    /// Another process is changing the same installation.
    public static let locked: ErrorCode = "Locked"
    /// Keys were not rolled back, because objects that need them remain.
    public static let keysKept: ErrorCode = "KeysKept"

    // The cluster.
    public static let forbidden: ErrorCode = "Forbidden"
    public static let releaseMissing: ErrorCode = "ReleaseMissing"
    public static let releaseNotDeployed: ErrorCode = "ReleaseNotDeployed"
    public static let podsNotReady: ErrorCode = "PodsNotReady"
    /// Another process changed an object since it was read, so it was left unchanged.
    public static let changedMeanwhile: ErrorCode = "ChangedMeanwhile"
    /// An object was not deleted, because others use it or have changed it.
    public static let objectKept: ErrorCode = "ObjectKept"
    /// An object still exists after its deletion: a finalizer holds it.
    public static let deletionBlocked: ErrorCode = "DeletionBlocked"
    /// Builds are running, or requests are queued.
    public static let buildsActive: ErrorCode = "BuildsActive"
    /// It is unknown whether builds are running.
    public static let buildsUnknown: ErrorCode = "BuildsUnknown"
    /// KEDA scales BuildKit, and would revert the requested change.
    public static let scaledByKEDA: ErrorCode = "ScaledByKEDA"
}
