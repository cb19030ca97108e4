import Installer

/// Offers to create a local cluster before the wizard opens, if none is reachable.
struct LocalClusterOffer {
    let dependencies: Dependencies

    /// If no cluster is reachable and a suitable tool is installed, offers to create a local cluster.
    func make(for answers: Answers) async throws {
        // An explicit context selects the cluster. Without a tool the wizard opens without waiting for an answer.
        guard answers.context.isEmpty, LocalCluster.isPossible(in: dependencies),
            let reason = await FactCollector(dependencies: dependencies, answers: answers).whyUnreachable()
        else { return }
        let clusters = await LocalCluster.available(in: dependencies)
        guard !clusters.isEmpty else { return }
        guard let cluster = choose(from: clusters, reason) else { return }
        Console.output.line("\n\(cluster.create)")
        // First, so that a run that is killed leaves a trace of it.
        try cluster.record(in: dependencies.places)
        if let failure = try await SignalHandling.ending({ await failure(ofMaking: cluster) }) {
            cluster.forget(in: dependencies.places)
            throw failure
        }
        try await cluster.identified(in: dependencies).record(in: dependencies.places)
        Console.output.line("The \(cluster) is ready; buildkit-installer uninstall can delete it.")
    }

    private func failure(ofMaking cluster: LocalCluster) async -> InstallerError? {
        do {
            _ = try await dependencies.runner(cluster.create) { Console.output.line("  \($0.text)") }
            return nil
        } catch {
            let cause = error as? InstallerError
            return InstallerError(
                "Cannot create the \(cluster)", detail: cause?.detail ?? cause?.message,
                hint: "Delete the incomplete cluster: \(cluster.delete)")
        }
    }

    private func choose(from clusters: [LocalCluster], _ reason: InstallerError) -> LocalCluster? {
        let words = "No Kubernetes cluster is reachable: \(reason.detail ?? reason.message)"
        Console.output.line(words.indentedAfterFirstLine)
        Console.output.line("Create a local cluster on this machine?")
        for (number, cluster) in clusters.enumerated() {
            Console.output.line("  \(number + 1)  \(cluster.create)")
        }
        Console.output.write(VisibleText("Number, or Enter to continue without a cluster: "))
        guard let number = Int(readLine() ?? ""), clusters.indices.contains(number - 1) else { return nil }
        return clusters[number - 1]
    }
}
