import MutualTLS

// Checks of this machine.

extension Check {
    static let kubectl = Check("kubectl", .tools, "kubectl") { facts, _ in
        if facts.kubectl.isPending, facts.server.value != nil { return .passed("reaches the cluster") }
        return facts.kubectl.verdict { version in
            InstallerError(ofOldKubectl: version).map { .failed($0) } ?? .passed(version)
        }
    }

    static let helm = Check("helm", .tools, "helm") { facts, _ in
        facts.helm.verdict { version in
            guard let number = Version(version) else {
                return .warning("Cannot parse the helm version '\(version)'", hint: nil)
            }
            return number >= Version(3, 14)
                ? .passed(version)
                : .failed("helm is \(version); 3.14 or later is required", hint: Tool.helm.remedy)
        }
    }

    static let docker = Check("docker", .tools, "docker") { facts, _ in
        facts.docker.verdict { .passed($0) }
    }

    static let certificateFolder = Check(
        "certificate-folder", .tools, "certificates on this machine"
    ) { facts, answers in
        guard answers.certificates != .secrets else {
            return .skipped("certificates are read from the cluster")
        }
        return facts.folder.verdict { inspection in
            guard let inspection else {
                if answers.certificates == .folder {
                    return .failed(
                        "No certificates found in '\(answers.certs)'",
                        hint:
                            "Specify the directory that contains daemon/ and client/: --certs ~/buildkit/certs"
                    )
                }
                guard answers.certificates == .issue, !answers.discardAuthority else {
                    return .passed("will be generated")
                }
                return facts.authorities.verdict { kept in
                    kept.incomplete.map { .failed($0) } ?? .passed("will be generated")
                }
            }
            return .certificates(inspection.findings, whereNamesLack: answers.addingNames)
        }
    }

    static let interruptedRun = Check("unfinished", .tools, "interrupted runs") { facts, _ in
        facts.resumableRun.verdict(otherwise: { .warning($0) }) { interruptedRun in
            guard let interruptedRun else { return .passed("none") }
            return .warning(
                interruptedRun.run.whereItStopped,
                hint: "To resume: buildkit-installer \(interruptedRun.run.plan.resumption)")
        }
    }
}

extension InstallerError {
    /// Nil where kubectl is not older than required.
    fileprivate init?(ofOldKubectl version: String) {
        // kubectl supports server-side apply without a warning since 1.22.
        guard let number = Version(version), number < Version(1, 22) else { return nil }
        self.init(
            "kubectl is \(version); 1.22 or later is required", hint: Tool.kubectl.remedy,
            code: ErrorCode(check: Check.kubectl.id), subject: Tool.kubectl.subject)
    }

    /// The failure, with its cause where kubectl is too old for the command. Where a named context answers, a run does
    /// not read the version before: that takes as long as the rest of a short command.
    func explained(by runner: any CommandRunner) async -> InstallerError {
        let said = detail ?? ""
        guard code == .toolFailed, subject == Tool.kubectl.subject,
            ["unknown flag", "unknown shorthand flag", "unknown command"].contains(where: {
                said.contains($0)
            }),
            // Without the version the failure itself is all that is known.
            let version = try? await Query<String>.kubectl.value(from: runner),
            let cause = InstallerError(ofOldKubectl: version)
        else { return self }
        return InstallerError(
            cause.message, detail: "\(message)\n\(said)", hint: cause.hint, code: cause.code,
            subject: cause.subject)
    }
}

extension RunState {
    fileprivate var whereItStopped: String {
        let step = (current ?? plan.steps.first { $0.id == stoppedAt }).map { " at \"\($0.title)\"" } ?? ""
        return "\"\(plan.title)\" "
            + (wasKept ? "stopped\(step), and its changes were kept" : "was interrupted\(step)")
    }
}

extension CheckOutcome {
    /// The outcome of certificate findings: all errors, otherwise all warnings.
    /// - Parameter rotation: the command that adds names to the server certificate; nil where there is none.
    static func certificates(_ findings: [Finding], whereNamesLack rotation: String? = nil) -> CheckOutcome {
        let errors = findings.filter { $0.severity == .error }
        let told = errors.isEmpty ? findings : errors
        guard let first = told.first else { return .passed("valid and consistent") }
        let sentences = told.map(\.sentence).joined(separator: " ")
        let hint = first.kind == .nameNotCovered ? rotation ?? first.hint : first.hint
        return errors.isEmpty ? .warning(sentences, hint: hint) : .failed(sentences, hint: hint)
    }
}

extension Answers {
    /// The command that issues the server certificate with the names of the answers; nil where this program does not
    /// issue it.
    fileprivate var addingNames: String? {
        guard certificates == .issue, !sans.isEmpty else { return nil }
        let fields: [Field] = [.context, .namespace, .release, .certs, .sans]
        return "Reissue it with the new names: \(commandLine(of: "rotate", fields, at: installation))"
    }
}
