import EdgeCore
import EdgeServer
import EdgeShell
import Synchronization

/// What the acting task knows from one round to the next.
private struct Acting {
    /// What was seen last, with its verdicts.
    struct Last {
        var sighting: Sighting
        var seen: ContinuousClock.Instant
        /// What it was seen by.
        var settings: NetworkSettings
    }

    /// An order that is written down, and waits for a look at the edges.
    struct Waiting {
        var order: Order
        var actor: String
        var reply: OrderReply
        /// A look that began with so many rings of the bell has what it asked for.
        var rings: Int
        var answer: CheckedContinuation<Result<OrderReply, OrderRefusal>, Never>
    }

    var last: Last?
    var waiting: [Waiting] = []
    /// When the name servers were asked last, and how many questions that was.
    var surveyed: ContinuousClock.Instant?
    var questions = 0

    /// Takes out the orders that a look has something for.
    mutating func takeOrders(upTo rings: Int) -> [Waiting] {
        defer { waiting.removeAll { $0.rings <= rings } }
        return waiting.filter { $0.rings <= rings }
    }
}

extension NetworkWatch {
    /// Acts on what was seen and obeys operators, one after the other, until it is closed.
    func act() async {
        var acting = Acting()
        while let work = await desk.next() {
            switch work {
            case .look(let look, let taken):
                taken.resume()
                let orders = acting.takeOrders(upTo: look.rings)
                switch look.found {
                case .success(let sighting):
                    await act(on: sighting, for: orders, &acting)
                case .failure(let error):
                    ended(refused: error)
                    await obey(orders, withoutALook: error, &acting)
                }
            case .order(let order, let actor, let answer):
                await obey(order, by: actor, answer, &acting)
            }
        }
        let words = "the daemon is about to end: it is noted, and the next round carries it out"
        for order in acting.waiting { order.answer(failed: words) }
    }

    private func act(
        on sighting: Sighting, for orders: [Acting.Waiting], _ acting: inout Acting
    ) async {
        let seat = present
        var options = plan.options
        if let first = orders.first { options.actor = first.actor }
        do {
            let isDue = plan.isSurveyDue(since: acting.surveyed, questions: acting.questions)
            let outcome = try await round(
                on: sighting, seat: seat, options: options, asksServers: isDue)
            if isDue { acting.surveyed = ContinuousClock().now }
            acting.questions = outcome.state.zones.count * seat.settings.publish.servers.count
            acting.last = Acting.Last(
                sighting: sighting.judged(by: outcome), seen: ContinuousClock().now,
                settings: seat.settings)
            for order in orders { order.answer(outcome, settings: seat.settings) }
        } catch {
            ended(refused: error)
            for order in orders { order.answer(failed: Self.notYet(error)) }
        }
    }

    private static func notYet(_ error: any Error) -> String {
        "it is noted, and the next round carries it out: this one could not be: \(error)"
    }

    /// Writes an operator's order down, and carries it out at once by the verdicts of the last round. Where there
    /// was none, or not lately, or by other settings, the edges are looked at first.
    private func obey(
        _ order: Order, by actor: String,
        _ answer: CheckedContinuation<Result<OrderReply, OrderRefusal>, Never>,
        _ acting: inout Acting
    ) async {
        let seat = present
        let desk = OperatorDesk(
            settings: seat.settings, store: seat.bench.store, log: seat.bench.log, actor: actor)
        let written: OperatorDesk.Written
        do throws(OrderRefusal) {
            written = try await desk.write(order)
        } catch {
            return answer.resume(returning: .failure(error))
        }
        guard written.asksForARound else {
            return answer.resume(returning: .success(written.reply))
        }
        var waiting = Acting.Waiting(
            order: order, actor: actor, reply: written.reply, rings: 0, answer: answer)
        if order != .round, let last = acting.last, isRecent(last, seat) {
            await carryOut(waiting, by: last, seat)
        } else {
            waiting.rings = bell.ring()
            acting.waiting.append(waiting)
        }
    }

    /// Whether what was seen may stand for what would be seen now.
    private func isRecent(_ last: Acting.Last, _ seat: Seat) -> Bool {
        last.settings == seat.settings
            && ContinuousClock().now - last.seen <= seat.settings.interval * 2 + .seconds(10)
    }

    private func carryOut(
        _ order: Acting.Waiting, by last: Acting.Last, _ seat: Seat
    ) async {
        do {
            let outcome = try await round(
                on: last.sighting, seat: seat, options: RoundOptions(actor: order.actor),
                asksServers: false)
            order.answer(outcome, settings: seat.settings)
        } catch {
            order.answer(failed: Self.notYet(error))
        }
    }

    /// Orders whose look could not be: an operator's word is carried out all the same, by what was seen last.
    private func obey(
        _ orders: [Acting.Waiting], withoutALook error: any Error, _ acting: inout Acting
    ) async {
        let seat = present
        for var order in orders {
            guard order.order != .round, let last = acting.last else {
                order.answer(failed: Self.notYet(error))
                continue
            }
            let ago = (ContinuousClock().now - last.seen).inSeconds
            order.reply.warnings.append(
                "the edges could not be looked at: \(error); this goes by what was seen "
                    + "\(Int(ago)) s ago")
            await carryOut(order, by: last, seat)
        }
    }

    private func round(
        on sighting: Sighting, seat: Seat, options: RoundOptions, asksServers: Bool
    ) async throws -> RoundOutcome {
        let outcome = try await seat.bench.runner.act(
            on: sighting, settings: seat.settings, options: options, asksServers: asksServers)
        await plan.carried(outcome, seat.settings, seat.bench)
        let now = ContinuousClock().now
        self.seat.withLock {
            $0.count = outcome.liveCount(wanted: seat.settings.selection.liveCount)
            $0.stamp = Self.nextStamp()
            // That an order was carried out says nothing of whether edges are looked at.
            guard sighting.judged == nil else { return }
            $0.lastEnd = now
            $0.lastEndWall = outcome.report.moment.wall
            $0.lastRefusal = nil
            $0.ended += 1
        }
        plan.noteEnd()
        ending.yield(.outcome(outcome))
        return outcome
    }

    private func ended(refused error: any Error) {
        if error is CancellationError { return }
        let now = ContinuousClock().now
        let bench = present.bench
        bench.log.write(.error, "\(error)")
        plan.speak(of: network, "\(error)")
        seat.withLock {
            $0.lastEnd = now
            $0.lastRefusal = "\(error)"
            $0.ended += 1
            $0.stamp = Self.nextStamp()
        }
        plan.noteEnd()
        ending.yield(.refused(error))
    }
}

extension Acting.Waiting {
    fileprivate func answer(_ outcome: RoundOutcome, settings: NetworkSettings) {
        var reply = reply
        reply.take(outcome, of: order, settings: settings)
        answer.resume(returning: .success(reply))
    }

    fileprivate func answer(failed words: String) {
        var reply = reply
        reply.warnings.append(words)
        answer.resume(returning: .success(reply))
    }
}
