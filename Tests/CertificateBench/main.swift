// Prints the median time in milliseconds to create a CA, a server and a client certificate, in process. For `make
// bench`, which compares it with openssl.
import FoundationEssentials
import MutualTLS

let runs = 201
let now = Date()
let clock = ContinuousClock()
var times: [Duration] = []
for _ in 0..<runs {
    let start = clock.now
    let authority = try await CertificateAuthority.make(
        commonName: "bench", algorithm: .p256, days: 30, now: now)
    _ = try await authority.issue(
        .server(names: [SubjectName("localhost")]), algorithm: .p256, days: 30, now: now)
    _ = try await authority.issue(.client(name: "bench"), algorithm: .p256, days: 30, now: now)
    times.append(clock.now - start)
}
times.sort()
print(times[runs / 2] / .milliseconds(1))
