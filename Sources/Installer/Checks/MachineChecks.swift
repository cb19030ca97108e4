import MutualTLS

// What is looked at on this machine.

extension Check {
    static let kubectl = Check("kubectl", .tools, "kubectl") { facts, _ in
        facts.kubectl.verdict { version in
            // Server-side apply is used, which kubectl has without a warning since then.
            guard let number = Version(version), number < Version(1, 22) else { return .passed(version) }
            return .failed("kubectl is \(version); 1.22 or later is needed", hint: Tool.kubectl.remedy)
        }
    }

    static let helm = Check("helm", .tools, "Helm version") { facts, _ in
        facts.helm.verdict { version in
            guard let number = Version(version) else {
                return .warning("helm calls itself '\(version)', which says nothing of its age", hint: nil)
            }
            return number >= Version(3, 14)
                ? .passed(version) : .failed("helm is \(version)", hint: Tool.helm.remedy)
        }
    }

    static let docker = Check("docker", .tools, "docker command line") { facts, _ in
        facts.docker.verdict { .passed($0) }
    }

    static let certificateFolder = Check(
        "certificate-folder", .tools, "certificates on this machine"
    ) { facts, answers in
        guard answers.certificates != .secrets else { return .skipped("the certificates are in the cluster") }
        return facts.folder.verdict { inspection in
            guard let inspection else {
                return answers.certificates == .folder
                    ? .failed(
                        "There are no certificates in '\(answers.certs)'",
                        hint: "Name the folder that holds daemon/ and client/: --certs ~/buildkit/certs")
                    : .passed("they will be made")
            }
            return .certificates(inspection.findings, whereNamesLack: answers.addingNames)
        }
    }

    static let interruptedRun = Check("unfinished", .tools, "interrupted runs") { facts, _ in
        facts.interruptedRun.verdict(otherwise: { .warning($0) }) { interruptedRun in
            guard let interruptedRun else { return .passed("none") }
            return .warning(
                interruptedRun.run.whereItStopped,
                hint: "Installing again goes on from what is there: buildkit-installer install")
        }
    }
}

extension RunState {
    fileprivate var whereItStopped: String {
        let step = (current ?? plan.steps.first { $0.id == stoppedAt }).map { " at \"\($0.title)\"" } ?? ""
        return "\"\(plan.title)\" "
            + (wasKept ? "stopped\(step) and was left as it was" : "was interrupted\(step)")
    }
}

extension CheckOutcome {
    /// What is to be said of certificates: all errors, else all warnings.
    /// - Parameter rotation: the command that adds names to the server's certificate, where there is one.
    static func certificates(_ findings: [Finding], whereNamesLack rotation: String? = nil) -> CheckOutcome {
        let errors = findings.filter { $0.severity == .error }
        let told = errors.isEmpty ? findings : errors
        guard let first = told.first else { return .passed("they fit together") }
        let sentences = told.map(\.sentence).joined(separator: " ")
        let hint = first.kind == .nameNotCovered ? rotation ?? first.hint : first.hint
        return errors.isEmpty ? .warning(sentences, hint: hint) : .failed(sentences, hint: hint)
    }
}

extension Answers {
    /// What has the server's certificate issued with the names of the answers; nil where they are not issued here.
    fileprivate var addingNames: String? {
        guard certificates == .issue, !sans.isEmpty else { return nil }
        let fields: [Field] = [.context, .namespace, .release, .certs, .sans]
        return "Have it issued with the new names: \(commandLine(of: "rotate", fields, at: installation))"
    }
}
