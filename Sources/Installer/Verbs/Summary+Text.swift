import MutualTLS

extension Summary {
    /// The summary as a person reads it, a line each.
    public var lines: [String] { [headline] + body + commands }

    private var body: [String] {
        switch outcome {
        case .installed, .changed, .unchanged, .removed: (account?.map { "  \($0)" } ?? what) + remarks
        case .rehearsed: []
        case .failed, .interrupted: reasons + [leftover]
        }
    }

    private var reasons: [String] {
        ([failure].compactMap { $0 } + undoFailures).flatMap { failure in
            [failure.message] + (failure.detail ?? "").split(separator: "\n").map { "  \($0)" }
                + [failure.hint].compactMap { $0 }
        }
    }

    private var leftover: String {
        if !undoFailures.isEmpty { return "Not everything could be taken back; what is left is named above." }
        return undone ? "What it had done was taken back." : "What it had done is still there."
    }

    private var what: [String] {
        [
            "  Builder       \(builder)", "  Release       \(site.release) in namespace \(site.namespace)",
            "  Certificates  \(certificates)",
        ]
            + [certificatesEnd.map { "  They end on   \($0.day)" }]
            .compactMap { $0 }
    }

    private var commands: [String] {
        next.flatMap { ["\($0.purpose):", "  \($0.command)"] }
    }
}
