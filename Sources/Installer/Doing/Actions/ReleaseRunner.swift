/// Runs Helm, and says why pods are not ready, or objects not gone, where Helm only says that its patience has ended.
struct ReleaseRunner {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func run(_ command: Command) async throws {
        do { try await workshop.run(command) } catch let failure as Failure {
            throw command.arguments.first == "uninstall" ? await held(failure) : await explained(failure)
        }
    }

    /// What Helm waited for in vain when it deleted a release.
    private func held(_ failure: Failure) async -> Failure {
        let site = workshop.plan.site
        let kinds =
            "deployments.apps,services,configmaps,serviceaccounts,networkpolicies.networking.k8s.io,"
            + "poddisruptionbudgets.policy"
        let look = site.kubectl(
            "get", kinds, "--selector", "app.kubernetes.io/instance=\(site.release)", "--output", "json")
        // As with pods: without them, what Helm said stands alone.
        guard let list = try? JSONValue(kubectl: await workshop.ask(look)) else { return failure }
        let held = HeldObjects(list["items"]?.array ?? [])
        guard !held.sentences.isEmpty else { return failure }
        return held.failure(
            "Not all of the release \(site.release) is gone", said: failure.detail, site.kubectl)
    }

    private func explained(_ failure: Failure) async -> Failure {
        let site = workshop.plan.site
        // The pods only explain; where they cannot be had, what Helm said stands alone.
        guard let objects = try? await Query.objects(site).value(from: workshop.world.runner) else {
            return failure
        }
        let trouble = PodTrouble(objects.own("Pod", of: site), in: objects).sentences
        guard !trouble.isEmpty else { return failure }
        return Failure(
            "The pods of the release \(site.release) did not get ready",
            detail: (trouble + [failure.detail].compactMap { $0 }).joined(separator: "\n"),
            hint: "To look at them, run it again with --keep-on-failure, then: "
                + "\(site.kubectl("describe", "pods", "--selector", "app.kubernetes.io/instance=\(site.release)"))"
        )
    }
}
