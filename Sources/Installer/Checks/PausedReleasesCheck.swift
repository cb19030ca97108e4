import MutualTLS

// BuildKit of every release of the namespace is restarted where the Secret of the internal certificates is replaced. A
// Deployment whose rollout is paused cannot be restarted, which would roll everything back.

extension Check {
    /// For a rotation.
    static let pausedReleases = check { facts, answers in facts.renewsInnerSecret(answers) }

    /// For an install.
    static let pausedReleasesForInstall = check { facts, answers in facts.replacesInnerSecret(answers) }

    /// Only reported where one is paused. Deployments that could not be read are reported by another check.
    private static func check(
        where restarts: @escaping @Sendable (Facts, Answers) -> Bool
    ) -> Check {
        var check = Check("paused-releases", .namespace, "rollouts of BuildKit") { facts, answers in
            guard restarts(facts, answers), case .known(let backends) = facts.backends else {
                return .skipped("BuildKit is not restarted")
            }
            let paused = backends.filter { $0.isPaused && $0.isRestarted }
            guard !paused.isEmpty else { return .passed("none is paused") }
            let others = paused.map(\.release).filter { $0 != answers.release }
            let start = others.isEmpty ? "The" : "The \(others.releasesUse) the same Secrets, and the"
            let deployments = paused.map { "deployment/\($0.name)" }
            let resume = answers.installation.kubectl.command(["rollout", "resume"] + deployments)
            return .failed(
                "\(start) rollout of \(deployments.inWords) is paused: it cannot restart with new certificates",
                hint: "Resume it: \(resume)")
        }
        check.isQuiet = true
        return check
    }
}

extension Facts {
    /// Whether a rotation replaces the Secret of the internal certificates. An interrupted one is resumed whatever is asked
    /// for.
    func renewsInnerSecret(_ answers: Answers) -> Bool {
        answers.renew == .inner || ownRenewal(answers)?.order.change == .inner
    }

    /// Whether an install replaces that Secret, as far as it is known: it exists, and this machine has other files.
    fileprivate func replacesInnerSecret(_ answers: Answers) -> Bool {
        guard case .known(let secrets) = secrets, let inner = secrets.inner, case .known(let folder) = folder,
            case .known(let files) = files,
            answers.adopting(secrets, folder: folder).certificates != .secrets
        else { return false }
        let keys = CertificateLayout.innerFiles(in: CertificateFolder(path: "")).keys
        return !keys.allSatisfy { key in inner.digests[key].map { files.values.contains($0) } ?? false }
    }
}
