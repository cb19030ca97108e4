/// Runs Helm, and says why the pods are not ready where Helm only says that its patience has ended.
struct ReleaseRunner {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func run(_ command: Command) async throws {
        do { try await workshop.run(command) } catch let failure as Failure {
            throw await explained(failure)
        }
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
