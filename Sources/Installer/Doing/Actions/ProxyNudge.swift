/// Has the kubelets bring changed Secrets to the proxies at once.
struct ProxyNudge {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    /// Whoever may not change pods still gets there: the kubelet looks by itself every minute or two.
    /// - Returns: how many proxies there are; nil where they could not be nudged.
    @discardableResult
    func nudge(_ site: Site) async throws -> Int? {
        let time = "\(workshop.world.now().timeIntervalSince1970)"
        let result = try await workshop.world.runner.run(site.kubectl.annotateProxies(of: site, with: time))
        guard result.status == 0 else {
            let said = result.said.map { ": \($0)" } ?? ""
            await workshop.say("The proxies cannot be nudged, so it takes a minute or two\(said)")
            return nil
        }
        return result.output.split(separator: "\n").count
    }
}
